import HTTPTypes
import NIOCore
import Registry
import Synchronization

/// Whole answers to plain reads that are asked for again and again, for as long as nothing they show has changed: what a
/// connection may send without asking any route, and what tells it that there is nothing new to send yet.
///
/// Bounded by the octets it holds; when it is full it forgets everything.
final class ReadyAnswers: Sendable {
    struct Answer: Sendable {
        /// As it is sent, but for the date and the empty line.
        var head: ByteBuffer
        var body: ByteBuffer
        /// The route that gave it.
        var route: String

        init(head: HTTPResponse, body: ByteBuffer, route: String) {
            self.head = ByteBuffer(string: "HTTP/1.1 \(head.status.code) \(head.status.reasonPhrase)\r\n")
            for field in head.headerFields { self.head.writeString("\(field.name.rawName): \(field.value)\r\n") }
            self.body = body
            self.route = route
        }
    }

    /// What there is for a reader.
    enum Readiness {
        case answer(Answer)
        /// Nothing that it has not seen: it waits on these.
        case nothingNew([Subject])
        /// The answer has to be made.
        case unknown
    }

    fileprivate struct Kept {
        var answer: Answer
        var subjects: [Subject]
        /// Of what it shows.
        var version: UInt64
        var showsAllNodes: Bool
    }

    private struct State {
        var answers: [String: Kept] = [:]
        var octets = 0
    }

    /// What is longer is sent piece by piece.
    private static let longestBody = ResponseSender.pieceSize
    /// What an answer costs besides its octets, about.
    private static let overhead = 1000

    private let registry: Registry
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter octets: that are held, at most and about.
    init(of registry: Registry, octets: Int = 32 << 20) {
        self.registry = registry
        limit = octets
    }

    /// What there is for a reader who has not waited yet.
    func readiness(for question: ReadQuestion) -> Readiness {
        state.withLock { state in
            guard let kept = state.answers[question.text] else { return .unknown }
            return registry.withSnapshot { snapshot in
                if let seen = question.index, snapshot.index(of: kept.subjects) <= seen {
                    return .nothingNew(kept.subjects)
                }
                return kept.isCurrent(in: snapshot) ? .answer(kept.answer) : .unknown
            }
        }
    }

    /// - Returns: `nil` if the answer has to be made.
    func answer(to question: ReadQuestion) -> Answer? {
        state.withLock { state in
            guard let kept = state.answers[question.text], registry.withSnapshot(kept.isCurrent) else { return nil }
            return kept.answer
        }
    }

    /// Keeps an answer.
    ///
    /// - Parameter version: of the catalog that it was made from.
    func keep(
        _ answer: Answer, to question: ReadQuestion, of subjects: [Subject], version: UInt64, showsAllNodes: Bool
    ) {
        guard answer.body.readableBytes <= Self.longestBody else { return }
        let cost = question.text.utf8.count + answer.body.readableBytes + Self.overhead
        let kept = Kept(answer: answer, subjects: subjects, version: version, showsAllNodes: showsAllNodes)
        state.withLock { state in
            if state.octets > limit { state = State() }
            // Where it is known already, this counts it twice: that empties the list a little early.
            state.octets += cost
            state.answers[question.text] = kept
        }
    }
}

extension ReadyAnswers.Kept {
    fileprivate func isCurrent(in snapshot: CatalogSnapshot) -> Bool {
        version == snapshot.version(of: subjects, ofAllNodes: showsAllNodes)
    }
}

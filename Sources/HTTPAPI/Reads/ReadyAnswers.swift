import HTTPTypes
import NIOCore
import Registry
import Synchronization

/// Whole answers to reads that are asked for again and again in the same words, for as long as nothing they show has
/// changed: what a connection may send without asking any route.
///
/// Bounded by the octets it holds; when it is full it forgets everything.
final class ReadyAnswers: Sendable {
    struct Answer: Sendable {
        var head: HTTPResponse
        var body: ByteBuffer
        /// The route that gave it.
        var route: String
    }

    private struct Kept {
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

    /// - Returns: `nil` for a request whose answer has to be made.
    func answer(to request: HTTPRequest) -> Answer? {
        guard let question = Self.question(request) else { return nil }
        return state.withLock { state in
            guard let kept = state.answers[question] else { return nil }
            let version = registry.withSnapshot { $0.version(of: kept.subjects, ofAllNodes: kept.showsAllNodes) }
            return kept.version == version ? kept.answer : nil
        }
    }

    /// Keeps the answer to a request that did not wait.
    ///
    /// - Parameter version: of the catalog that it was made from.
    func keep(
        _ answer: Answer, to request: HTTPRequest, of subjects: [Subject], version: UInt64, showsAllNodes: Bool
    ) {
        guard answer.body.readableBytes <= Self.longestBody, let question = Self.question(request) else { return }
        let cost = question.utf8.count + answer.body.readableBytes + Self.overhead
        let kept = Kept(answer: answer, subjects: subjects, version: version, showsAllNodes: showsAllNodes)
        state.withLock { state in
            if state.octets > limit { state = State() }
            // Where it is known already, this counts it twice: that empties the list a little early.
            state.octets += cost
            state.answers[question] = kept
        }
    }

    /// What a request asks, if nothing but its path and its parameters matters to the answer.
    private static func question(_ request: HTTPRequest) -> String? {
        guard request.method == .get, let path = request.path else { return nil }
        let fields = request.headerFields
        return fields[.cacheControl] == nil && !SiteGuard.isFromBrowser(fields) ? path : nil
    }
}

import NIOCore
import Synchronization

/// Answers as they were encoded, for as long as what they show has not changed: a thousand readers whom one change wakes are
/// sent the same octets, encoded once.
///
/// Bounded by the octets it holds. What was not asked for since it was half full goes when it is full.
final class EncodedAnswers: Sendable {
    /// One answer, encoded by whoever wants it first while the others wait.
    private final class Answer: Sendable {
        let version: UInt64
        let body = Mutex<ByteBuffer?>(nil)

        init(version: UInt64) { self.version = version }
    }

    private struct State {
        var young: [String: Answer] = [:]
        var old: [String: Answer] = [:]
        /// What the young ones have, with their questions.
        var octets = 0
        var encodings: UInt64 = 0
    }

    /// What an answer costs besides its octets, about.
    private static let overhead = 200

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter octets: that are held, at most and about.
    init(octets: Int = 32 << 20) { limit = octets / 2 }

    /// How many answers were encoded.
    var encodings: UInt64 { state.withLock { $0.encodings } }
    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    /// The answer to a question, if it was encoded already.
    func known(_ question: String, version: UInt64) -> ByteBuffer? {
        let answer = state.withLock { state in
            [state.young[question], state.old[question]].lazy.compactMap(\.self).first { $0.version == version }
        }
        return answer?.body.withLockIfAvailable { $0 } ?? nil
    }

    /// The answer to a question.
    ///
    /// - Parameters:
    ///   - question: all that the answer depends on, but for the catalog.
    ///   - version: changes whenever the catalog's part of the answer does.
    ///   - encode: makes the answer.
    /// - Throws: what `encode` throws.
    func answer(to question: String, version: UInt64, encode: () throws -> ByteBuffer) throws -> ByteBuffer {
        let answer = state.withLock { state in
            for known in [state.young[question], state.old[question]] {
                if let known, known.version == version { return known }
            }
            let answer = Answer(version: version)
            state.old[question] = answer
            return answer
        }
        return try answer.body.withLock { body in
            if let body { return body }
            do {
                let encoded = try encode()
                body = encoded
                keep(answer, encoded, to: question)
                return encoded
            } catch {
                forget(answer, to: question)
                throw error
            }
        }
    }

    /// There is nothing to keep of what could not be made.
    private func forget(_ answer: Answer, to question: String) {
        state.withLock { state in
            if state.old[question] === answer { state.old[question] = nil }
        }
    }

    private func keep(_ answer: Answer, _ body: ByteBuffer, to question: String) {
        state.withLock { state in
            state.encodings += 1
            if state.old[question] === answer { state.old[question] = nil }
            // Another was faster with a newer one.
            if let known = state.young[question], known.version > answer.version { return }
            let cost = question.utf8.count + body.readableBytes + Self.overhead
            guard cost <= limit / 4 else { return }
            state.young[question] = answer
            state.octets += cost
            guard state.octets > limit else { return }
            state.old = state.young
            state.young = [:]
            state.octets = 0
        }
    }
}

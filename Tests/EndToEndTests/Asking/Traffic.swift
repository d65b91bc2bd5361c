import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Requests that run through nginx all the while, each on a connection of its own and with a number in its header.
final class Traffic: Sendable {
    struct Failure: Sendable, CustomStringConvertible {
        let number: Int
        let reason: String

        var description: String { "request \(number): \(reason)" }
    }

    private struct State {
        var sent = 0
        var failures: [Failure] = []
        /// Who has answered since the last ``startCounting()``.
        var answers: [String: Int] = [:]
    }

    private let state = Mutex(State())

    var sent: Int { state.withLock { $0.sent } }
    var failures: [Failure] { state.withLock { $0.failures } }
    var answers: [String: Int] { state.withLock { $0.answers } }

    func startCounting() {
        state.withLock { $0.answers = [:] }
    }

    /// Sends requests to `port` from three clients until `body` ends.
    static func run<Result>(to port: Int, _ body: (Traffic) async throws -> Result) async throws -> Result {
        let traffic = Traffic()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    while !Task.isCancelled {
                        await traffic.request(port)
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(traffic)
        }
    }

    private func request(_ port: Int) async {
        let number = state.withLock { state in
            state.sent += 1
            return state.sent
        }
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/")
        request.headers = ["connection": "close", "x-number": "\(number)"]
        do {
            let response = try await HTTP.client.execute(request, timeout: .seconds(5))
            let body = String(buffer: try await response.body.collect(upTo: 1 << 16))
            guard response.status == .ok, body.hasSuffix("\n") else {
                return note(Failure(number: number, reason: "\(response.status.code), \(body.count) characters"))
            }
            state.withLock { $0.answers[String(body.dropLast()), default: 0] += 1 }
        } catch {
            // The last request of each client is cut off by the end of the test.
            if !Task.isCancelled { note(Failure(number: number, reason: "\(error)")) }
        }
    }

    private func note(_ failure: Failure) {
        state.withLock { $0.failures.append(failure) }
    }
}

import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Checks that flap` {
    @Test func `a server that comes and goes is critical until it has been there for the window`() async throws {
        let (fine, broken) = (CheckedServer.response("200 OK"), CheckedServer.response("500 Internal Server Error"))
        let server = CheckedServer(answer: fine)
        let port = try await server.start()
        let window = Duration.seconds(2)
        try await withChecker(flapDamping: FlapDamping(limit: 3, window: window)) { checks in
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(port)/")))
            try await checks.wait(for: .passing)
            server.answer = broken
            try await checks.wait(for: .critical)
            server.answer = fine
            try await checks.wait(for: .passing)
            server.answer = broken
            try await checks.wait(until: "the check is held") {
                try checks.output.hasPrefix("Flapping: held at critical until 2")
            }
            #expect(try checks.status == .critical)
            #expect(try checks.output.contains("changed 3 times within 2 seconds.\nLast result, critical: HTTP GET"))

            let healed = ContinuousClock.now
            server.answer = fine
            try await checks.wait(for: .passing)
            #expect(healed.duration(to: .now) >= window)
            #expect(try checks.output.hasPrefix("HTTP GET"))
        }
        try await server.stop()
    }
}

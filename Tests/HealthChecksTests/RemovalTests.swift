import DNS
import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Services that are critical for too long` {
    private func definition(reportsWithin period: Duration, removedAfter time: Duration) -> CheckDefinition {
        var definition = CheckDefinition(source: .reports(within: period))
        definition.removesInstanceAfter = time
        return definition
    }

    @Test func `are deregistered when the time is over, not before`() async throws {
        try await withChecker { checks in
            try await checks.register(
                definition: definition(reportsWithin: .seconds(60), removedAfter: .milliseconds(300)))
            let start = ContinuousClock.now
            try await checks.report(.critical, "down")
            try await checks.wait(until: "it is deregistered") { !checks.isRegistered }
            #expect(start.duration(to: .now) >= .milliseconds(300))
        }
    }

    @Test func `stay if they were well in between`() async throws {
        try await withChecker { checks in
            try await checks.register(
                definition: definition(reportsWithin: .seconds(60), removedAfter: .milliseconds(600)))
            for _ in 0..<8 {
                try await checks.report(.critical, "down")
                try await Task.sleep(for: .milliseconds(150))
                try await checks.report(.passing, "up")
                // Until the checker has heard of it as well.
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(checks.isRegistered)
        }
    }

    @Test func `stay until somebody has looked for the first time`() async throws {
        try await withChecker { checks in
            try await checks.register(
                definition: definition(reportsWithin: .seconds(1), removedAfter: .milliseconds(20)))
            try await Task.sleep(for: .milliseconds(300))
            #expect(checks.isRegistered)
            try await checks.wait(until: "it is deregistered") { !checks.isRegistered }
        }
    }

    @Test func `stay while the container behind them runs`() async throws {
        try await withChecker { checks in
            try await checks.register(
                definition: definition(reportsWithin: .milliseconds(20), removedAfter: .milliseconds(20)),
                owner: .docker(engine: "e", container: "c"))
            try await checks.wait(for: .critical)
            try await Task.sleep(for: .milliseconds(300))
            #expect(checks.isRegistered)
        }
    }

    @Test func `go on other nodes too, where nobody looks after them`() async throws {
        try await withChecker { checks in
            let other = try NodeName("other")
            try await checks.registry.submit([.putNode(Node(name: other, id: "", address: Address(.v4(1))))])
            var definition = CheckDefinition(source: .elsewhere(nil, interval: .zero, timeout: .zero))
            try await checks.register("kept", definition: definition, node: other)
            definition.removesInstanceAfter = .milliseconds(50)
            try await checks.register("gone", definition: definition, node: other)
            definition.source = .reports(within: .milliseconds(1))
            try await checks.register("theirs", definition: definition, output: "x", node: other)
            try await checks.wait(until: "it is deregistered") {
                checks.registry.snapshot.instance(InstanceKey(node: other, id: "gone")) == nil
            }
            try await Task.sleep(for: .milliseconds(100))
            #expect(checks.registry.snapshot.instances(on: other).map(\.instance.value.id) == ["kept", "theirs"])
        }
    }
}

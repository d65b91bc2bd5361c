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
                definition: definition(reportsWithin: .seconds(60), removedAfter: .seconds(2)))
            // The checker hears of the check when this does.
            try await checks.register("mirror", definition: CheckDefinition(source: .alias(.init(instance: "web"))))
            let start = ContinuousClock.now
            while start.duration(to: .now) < .seconds(3) {
                for (status, output) in [(HealthStatus.critical, "down"), (.passing, "up")] {
                    try await checks.report(status, output)
                    try await checks.wait(until: "the checker has heard of it") {
                        try checks.check("mirror").status == status
                    }
                }
            }
            #expect(checks.isRegistered)
        }
    }

    @Test func `stay until somebody has looked for the first time`() async throws {
        try await withChecker { checks in
            let start = ContinuousClock.now
            try await checks.register(
                definition: definition(reportsWithin: .seconds(1), removedAfter: .milliseconds(20)))
            try await checks.wait(until: "it is deregistered") { !checks.isRegistered }
            #expect(start.duration(to: .now) >= .milliseconds(1020))
        }
    }

    @Test func `stay while the container behind them runs`() async throws {
        try await withChecker { checks in
            try await checks.register(
                definition: definition(reportsWithin: .milliseconds(20), removedAfter: .milliseconds(20)),
                owner: .docker(engine: "e", container: "c"))
            try await checks.wait(for: .critical)
            try await checks.awaitRemoval()
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
            try await checks.awaitRemoval()
            #expect(checks.registry.snapshot.instances(on: other).map(\.instance.value.id) == ["kept", "theirs"])
        }
    }
}

extension ChecksUnderTest {
    /// Returns when an instance that was registered now, and critical at once, is gone: whatever was to go before is, too.
    fileprivate func awaitRemoval() async throws {
        var definition = CheckDefinition(source: .reports(within: .milliseconds(100)))
        definition.removesInstanceAfter = .milliseconds(100)
        try await register("later", definition: definition)
        try await wait(until: "the later one is deregistered") {
            registry.snapshot.instance(InstanceKey(node: node, id: "later")) == nil
        }
    }
}

import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Checks that somebody reports for` {
    private func definition(within period: Duration) -> CheckDefinition {
        CheckDefinition(source: .reports(within: period))
    }

    @Test func `without a report they are critical after their time, not before, and say what was said last`()
        async throws
    {
        try await withChecker { checks in
            try await checks.register(definition: definition(within: .milliseconds(400)))
            let start = ContinuousClock.now
            try await checks.report(.passing, "all well")
            try await checks.wait(for: .critical)
            #expect(start.duration(to: .now) >= .milliseconds(400))
            #expect(try checks.output == "TTL expired (last output before timeout follows): all well")
        }
    }

    @Test func `they stay as they are while reports come that say nothing new`() async throws {
        try await withChecker { checks in
            try await checks.register(definition: definition(within: .milliseconds(600)))
            try await checks.report(.warning, "so so")
            let index = checks.registry.snapshot.index
            let end = ContinuousClock.now + .seconds(2)
            while ContinuousClock.now < end {
                try await checks.report(.warning, "so so")
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try checks.status == .warning)
            #expect(checks.registry.snapshot.index == index)
        }
    }

    @Test func `an expiry says so once, and a report after it counts`() async throws {
        try await withChecker { checks in
            try await checks.register(definition: definition(within: .milliseconds(30)), status: .passing)
            try await checks.wait(for: .critical)
            #expect(try checks.output == "TTL expired")
            let key = CheckKey(node: checks.node, id: "service:web")
            let index = checks.registry.snapshot.check(key)?.modifyIndex
            // Expires after this one would have done so again.
            try await checks.register("other", definition: definition(within: .milliseconds(200)), status: .passing)
            try await checks.wait(until: "the other has expired") { try checks.check("other").status == .critical }
            #expect(checks.registry.snapshot.check(key)?.modifyIndex == index)
            try await checks.report(.passing, "back")
            #expect(try checks.status == .passing)
            try await checks.wait(for: .critical)
            #expect(try checks.output == "TTL expired (last output before timeout follows): back")
        }
    }

    @Test func `nobody is expected to report for a check that is gone`() async throws {
        try await withChecker { checks in
            try await checks.register(definition: definition(within: .seconds(60)))
            try await checks.report(.passing)
            let key = CheckKey(node: checks.node, id: "service:web")
            #expect(checks.registry.heartbeats.last(key) != nil)
            try await checks.registry.submit([.removeInstance(InstanceKey(node: checks.node, id: "web"))])
            try await checks.wait(until: "it is forgotten") { checks.registry.heartbeats.last(key) == nil }
        }
    }
}

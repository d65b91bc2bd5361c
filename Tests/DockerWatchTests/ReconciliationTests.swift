import Registry
import Testing

@testable import DockerWatch

@Suite struct `The difference between containers and the registry` {
    private func instance(_ container: String, _ name: String = "web1", port: UInt16 = 8080) -> ServiceInstance {
        Derivation(.running(container, image: name, publish: ["80": .everywhere(port)])).instances[0]
    }

    private func reconcile(
        _ wanted: [String: [ServiceInstance]], against registered: [ServiceInstance]
    ) -> Reconciliation {
        Reconciliation(wanted: wanted, keys: registered.map(\.key)) { key in registered.first { $0.key == key } }
    }

    @Test func `is nothing if the registry says it all`() {
        let one = instance("a1")
        #expect(reconcile([Container.id("a1"): [one]], against: [one]).changes.isEmpty)
    }

    @Test func `is to put what is missing or different and to remove what is gone`() {
        let old = instance("a1", port: 8080)
        let new = instance("a1", port: 8081)
        let added = instance("b1")
        let ghost = instance("c1")
        let difference = reconcile(
            [Container.id("a1"): [new], Container.id("b1"): [added], Container.id("c1"): []], against: [old, ghost])
        #expect(
            difference.changes == [
                .removeInstance(ghost.key), .putInstance(new, checks: nil), .putInstance(added, checks: nil),
            ])
    }

    @Test func `leaves alone what belongs to nobody, to other containers and to other nodes`() throws {
        var foreign = instance("legacy-app")
        foreign.owner = nil
        var elsewhere = instance("d1")
        elsewhere.node = try NodeName("other")
        elsewhere.owner = nil
        let other = instance("e1")
        let difference = reconcile(
            [Container.id("legacy-app"): [], Container.id("d1"): []], against: [foreign, elsewhere, other])
        #expect(difference.changes.isEmpty)
    }

    @Test func `never takes over an id that was registered over HTTP`() {
        var foreign = instance("a1", port: 1)
        foreign.owner = nil
        let difference = reconcile([Container.id("a1"): [instance("a1")]], against: [foreign])
        #expect(difference.changes.isEmpty)
        #expect(difference.occupied == [foreign.key])
    }

    private static let healthy = ContainerHealth("healthy", output: "fine")
    private static let starting = ContainerHealth("starting", output: "")

    @Test(arguments: [
        (starting, nil, ["put critical the container's HEALTHCHECK has not run yet"]),
        (healthy, starting, ["put passing fine"]),
        (healthy, healthy, []),
        (healthy, ContainerHealth("healthy", output: "fine at 12:00"), ["put passing fine"]),
        (nil, healthy, ["remove"]), (nil, nil, []),
        (ContainerHealth("unhealthy", output: "down"), healthy, ["put critical down"]),
        (ContainerHealth("none", output: ""), nil, []),
    ]) func `is what a container's HEALTHCHECK says for all its instances`(
        _ now: ContainerHealth?, _ before: ContainerHealth?, _ changes: [String]
    ) {
        let one = instance("a1")
        var difference = reconcile([Container.id("a1"): [one]], against: [one])
        difference.settleHealth(now, of: [one]) { key in
            before.map { $0.check(of: one) }.flatMap { $0.key == key ? $0 : nil }
        }
        let said = difference.changes.map { change in
            switch change {
            case .putCheck(let check): "put \(check.status) \(check.output)"
            case .removeCheck: "remove"
            default: "?"
            }
        }
        #expect(said == changes)
    }

    @Test func `is nothing where somebody else's check has the id of the container's`() {
        let one = instance("a1")
        var difference = reconcile([Container.id("a1"): [one]], against: [one])
        let other = HealthCheck(node: one.node, id: "docker:\(one.id)", name: "mine", instance: one.id)
        difference.settleHealth(nil, of: [one]) { _ in other }
        #expect(difference.changes.isEmpty)
    }

    @Test func `is one put when a name passes from one container to another`() {
        let before = instance("a1", port: 8080)
        var after = instance("a1", port: 8081)
        after.owner = .docker(engine: "ENGINE", container: Container.id("successor"))
        let together = reconcile([Container.id("a1"): [], Container.id("successor"): [after]], against: [before])
        #expect(together.changes == [.putInstance(after, checks: nil)])
        // The old container is looked at late: by then the id is not its own any more.
        #expect(reconcile([Container.id("a1"): []], against: [after]).changes.isEmpty)
    }
}

@Suite struct `The table of containers` {
    private func summary(_ name: String, state: String = "running", ports: Set<String> = []) -> ContainerSummary {
        ContainerSummary(id: Container.id(name), name: name, image: "web1", state: state, ports: ports)
    }

    private func derivation(_ name: String) -> Derivation {
        Derivation(.running(name, publish: ["80": .everywhere(8080)]))
    }

    @Test func `looks at what is new, changed, gone or drifted, and at nothing else`() {
        var table = ContainerTable()
        let same = derivation("same")
        let drifted = derivation("drifted")
        let gone = derivation("gone")
        for one in [same, drifted, gone] { table.settle([one.report.containerID: one], occupied: []) }
        let summaries = [summary("same"), summary("drifted"), summary("new"), summary("off", state: "exited")]
        _ = table.survey(summaries, registered: [], engine: "ENGINE", all: true)

        var other = drifted.instances[0]
        other.port = 1
        let ghost = derivation("ghost").instances[0]
        let suspects = table.survey(
            summaries, registered: same.instances + [other, ghost], engine: "ENGINE", all: false)
        #expect(suspects == Set(["drifted", "gone", "new", "ghost"].map(Container.id)))
        let moved = table.survey(
            [summary("same", ports: ["8081"])], registered: same.instances, engine: "ENGINE", all: false)
        #expect(moved.contains(Container.id("same")))
    }

    @Test func `reports by name, by the start of the id and by service, and on what does not run`() {
        var table = ContainerTable()
        let web = derivation("a1")
        table.settle([web.report.containerID: web], occupied: [])
        _ = table.survey(
            [summary("a1"), summary("off", state: "exited")], registered: web.instances, engine: "ENGINE", all: false)
        #expect(table.reports(matching: "a1") == [web.report])
        #expect(table.reports(matching: "6131") == [web.report])
        #expect(table.reports(matching: "613").isEmpty)
        #expect(table.reports(matching: "WEB1") == [web.report])
        #expect(table.reports(matching: "off").map(\.state) == ["exited"])
        #expect(table.reports(matching: "").isEmpty)
        table.settle([web.report.containerID: nil], occupied: [])
        #expect(table.reports(matching: "a1").isEmpty)
    }

    @Test func `says that an id is taken, and asks again`() {
        var table = ContainerTable()
        let web = derivation("a1")
        table.settle([web.report.containerID: web], occupied: [web.instances[0].key])
        guard case .skipped(let reason) = table.reports(matching: "a1").first?.decisions.first?.outcome else {
            Issue.record("not skipped")
            return
        }
        #expect(reason.contains("registered over HTTP"))
        _ = table.survey([summary("a1")], registered: [], engine: "ENGINE", all: false)
        let suspects = table.survey([summary("a1")], registered: [], engine: "ENGINE", all: false)
        #expect(suspects == [Container.id("a1")])
    }
}

@Suite struct `The queue of containers to look at` {
    @Test func `holds each container once and gives it out once`() {
        var queue = InspectionQueue()
        for id in ["a", "b", "a", "c"] { queue.mark(id) }
        let first = queue.take(limit: 2)
        #expect(first == ["a", "b"])
        queue.mark("a")
        let second = queue.take(limit: 8)
        #expect(second == ["c"], "a is still being looked at")
        queue.finish("a")
        let third = queue.take(limit: 8)
        #expect(third == ["a"])
        let fourth = queue.take(limit: 8)
        #expect(fourth.isEmpty)
    }

    @Test func `asks for a listing when too many wait`() {
        var queue = InspectionQueue()
        for number in 0..<InspectionQueue.limit { queue.mark("\(number)") }
        let isFull = queue.takeSurvey()
        #expect(!isFull)
        queue.mark("one more")
        let overflows = queue.takeSurvey()
        #expect(overflows)
        let again = queue.takeSurvey()
        #expect(!again)
    }
}

@Suite struct `An outage` {
    @Test func `is tried again after 50 ms, then after twice as long, up to a second`() {
        var outage = Outage()
        let now = ContinuousClock.now
        let pauses = (0..<7).map { _ in outage.fail(at: now).pause }
        #expect(pauses == [50, 100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
        outage.end()
        #expect(outage.fail(at: now).pause == .milliseconds(50))
    }

    @Test func `is logged at once, and then less and less often`() {
        var outage = Outage()
        let start = ContinuousClock.now
        let logged = (0..<3600).filter { outage.fail(at: start + .seconds($0)).isWorthLogging }
        #expect(logged == [0, 30, 90, 210, 450, 930, 1890])
    }
}

import Testing

@testable import Registry

@Suite struct `The catalog applies a change wholly or not at all` {
    @Test func `an instance needs its node`() throws {
        var state = CatalogState()
        #expect(throws: CatalogError.unknownNode(try nodeName("n1"))) {
            try state.apply(.putInstance(try instance("a", of: "web"), checks: nil))
        }
        #expect(state.snapshot.contents == CatalogState().snapshot.contents)
    }

    @Test func `a check needs its instance`() throws {
        var state = try CatalogState([.putNode(node("n1"))])
        #expect(throws: CatalogError.unknownInstance(try instanceKey("a"))) {
            try state.apply(.putCheck(try check("c", of: "a")))
        }
        #expect(state.snapshot.index == 1)
    }

    @Test func `a check keeps its status through a registration with an equal definition only`() throws {
        let tcp = CheckDefinition.Probe.tcp(host: try Address("localhost"), port: 80)
        let other = CheckDefinition.Probe.tcp(host: try Address("localhost"), port: 81)
        var state = try CatalogState([
            .putNode(node("n1")),
            .putInstance(instance("a", of: "web"), checks: [check("c", of: "a", probe: tcp)]),
            .setStatus(checkKey("c"), .passing, output: "connected"),
        ])
        try state.apply(.putInstance(try instance("a", of: "web"), checks: [try check("c", of: "a", probe: tcp)]))
        #expect(state.snapshot.check(try checkKey("c"))?.value.status == .passing)
        try state.apply(.putInstance(try instance("a", of: "web"), checks: [try check("c", of: "a", probe: other)]))
        #expect(state.snapshot.check(try checkKey("c"))?.value.status == .critical)
        #expect(state.snapshot.check(try checkKey("c"))?.value.output == "")
    }

    @Test func `the health of an instance is the worst of its own checks and its node's`() throws {
        var state = try CatalogState([
            .putNode(node("n1")),
            .putInstance(instance("a", of: "web"), checks: [check("c", of: "a", status: .passing)]),
        ])
        func health() throws -> HealthStatus? {
            state.snapshot.instance(try instanceKey("a")).map(state.snapshot.health)
        }
        #expect(try health() == .passing)
        try state.apply(.putCheck(try check("disk", of: nil, status: .warning)))
        #expect(try health() == .warning)
        try state.apply(.setStatus(try checkKey("c"), .critical, output: ""))
        #expect(try health() == .critical)
    }

    @Test func `instances of a service stand in the order of node and id`() throws {
        var state = try CatalogState([.putNode(node("n1")), .putNode(node("n2"))])
        for (id, node) in [("b", "n2"), ("a", "n2"), ("c", "n1"), ("a", "n1")] {
            try state.apply(.putInstance(try instance(id, of: "web", on: node), checks: nil))
        }
        let keys = try #require(state.snapshot.service(try serviceName("WEB"))).instances.map(\.instance.value.key)
        #expect(
            keys == [
                try instanceKey("a"), try instanceKey("c"), try instanceKey("a", on: "n2"),
                try instanceKey("b", on: "n2"),
            ])
    }

    @Test func `a service shows each tag once`() throws {
        let state = try CatalogState([
            .putNode(node("n1")), .putInstance(instance("a", of: "web", tags: ["x", "b", "x"]), checks: nil),
            .putInstance(instance("b", of: "web", tags: ["b", "c"]), checks: nil),
            .putInstance(instance("c", of: "db", tags: ["z", "z"]), checks: nil),
        ])
        #expect(state.snapshot.services.map(\.tags) == [["z"], ["b", "c", "x"]])
    }

    @Test func `the instances of one container engine are found on their node`() throws {
        let state = try CatalogState([
            .putNode(node("n1")), .putInstance(instance("a", of: "web"), checks: nil),
            .putInstance(instance("b", of: "web", owner: .docker(engine: "e1", container: "c")), checks: nil),
            .putInstance(instance("c", of: "web", owner: .docker(engine: "e2", container: "c")), checks: nil),
        ])
        let found = state.snapshot.instances(on: try nodeName("n1"), ofEngine: "e1")
        #expect(found.map(\.instance.value.id) == ["b"])
    }

    @Test func `a snapshot stays as it was`() throws {
        var state = try CatalogState([.putNode(node("n1")), .putInstance(instance("a", of: "web"), checks: nil)])
        let snapshot = state.snapshot
        let contents = snapshot.contents
        try state.apply(.putInstance(try instance("b", of: "web"), checks: nil))
        try state.apply(.removeNode(try nodeName("n1")))
        #expect(snapshot.contents == contents)
    }

    @Test(arguments: 0..<8) func `nodes, services and checks agree after any history`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        var state = CatalogState()
        for _ in 0..<150 {
            let before = state.snapshot
            do {
                let change = try history.next()
                let delta = try state.apply(change)
                let isSame = before.contents == state.snapshot.contents
                #expect((delta.index == before.index) == isSame)
                #expect(delta.isEmpty == isSame)
            } catch is CatalogError {
                #expect(before.contents == state.snapshot.contents)
            }
            try expectConsistent(state.snapshot)
        }
    }

    private func expectConsistent(_ snapshot: CatalogSnapshot) throws {
        let ofServices = snapshot.services.flatMap(\.instances)
        let ofNodes = snapshot.nodes.flatMap { snapshot.instances(on: $0.node.value.name) }
        #expect(Set(ofServices) == Set(ofNodes))
        #expect(ofServices.count == ofNodes.count)
        #expect(snapshot.services.allSatisfy { !$0.instances.isEmpty && $0.index <= snapshot.index })
        for node in snapshot.nodes {
            let own = node.checks.map(\.value)
            let instances = snapshot.instances(on: node.node.value.name).flatMap { entry in
                entry.checks.map(\.value).filter { check in
                    #expect(check.instance == entry.instance.value.id)
                    return true
                }
            }
            let ids = (own + instances).map(\.id)
            #expect(Set(ids).count == ids.count, "a check id is unique on its node")
            #expect(own.allSatisfy { $0.instance == nil })
            #expect(Set(node.checkedInstances.map(\.key)) == Set(instances.map(\.id)))
            for check in own + instances { #expect(snapshot.check(check.key)?.value == check) }
        }
    }
}

import DNS
import Registry
import Testing

@testable import berth

@Suite struct `The arrival of this host in its catalog` {
    private func agent(_ name: String, id: String = "id-1") throws -> Agent {
        Agent(
            node: try NodeName(name), nodeID: id, address: .v4(0x0a00_0001), datacenter: "dc1",
            domain: try DomainName(text: "consul"))
    }

    private func catalog(_ changes: [CatalogChange]) throws -> CatalogSnapshot {
        var state = CatalogState()
        for change in changes { _ = try state.apply(change, at: state.snapshot.index + 1) }
        return state.snapshot
    }

    private func applied(_ changes: [CatalogChange], to before: [CatalogChange]) throws -> CatalogSnapshot {
        try catalog(before + changes)
    }

    private func instance(_ id: String, on node: String, owner: Owner? = nil) throws -> CatalogChange {
        let check = HealthCheck(node: try NodeName(node), id: "check-\(id)", name: "up", status: .passing, instance: id)
        return .putInstance(
            ServiceInstance(node: try NodeName(node), id: id, name: try ServiceName("web"), port: 80, owner: owner),
            checks: [check])
    }

    @Test func `an empty catalog learns the node`() throws {
        let agent = try agent("a")
        #expect(agent.arrival(in: CatalogSnapshot(), watchesDocker: true) == [.putNode(Node(agent))])
        #expect(Agent.knownID(of: agent.node, in: CatalogSnapshot()) == nil)
    }

    @Test func `a restart keeps the id and touches nothing`() throws {
        let before = try [.putNode(Node(agent("a"))), instance("1", on: "a", owner: docker)]
        let catalog = try catalog(before)
        #expect(Agent.knownID(of: try NodeName("A"), in: catalog) == "id-1")
        let after = try applied(try agent("a").arrival(in: catalog, watchesDocker: true), to: before)
        #expect(after.index == catalog.index)
    }

    @Test func `a host with a new name takes its registrations and its id along`() throws {
        let before = try [
            .putNode(Node(agent("old"))), instance("1", on: "old"), instance("2", on: "old", owner: docker),
        ]
        let catalog = try catalog(before)
        #expect(Agent.knownID(of: try NodeName("new"), in: catalog) == "id-1")
        let after = try applied(try agent("new").arrival(in: catalog, watchesDocker: true), to: before)
        #expect(after.nodes.map(\.node.value.name.text) == ["new"])
        let entries = after.instances(on: try NodeName("new"))
        #expect(entries.map(\.instance.value.id) == ["1", "2"])
        #expect(entries.flatMap(\.checks).map(\.value.id) == ["check-1", "check-2"])
        #expect(entries.flatMap(\.checks).allSatisfy { $0.value.node.text == "new" && $0.value.status == .passing })
        #expect(entries.map(\.instance.value.owner) == [nil, docker])
    }

    @Test func `neither a node of somebody else's nor checks of its own keep a host from taking a new name`() throws {
        let external = Node(name: try NodeName("router"), id: "", address: Address(.v4(1)))
        let check = HealthCheck(node: try NodeName("old"), id: "disk", name: "disk", status: .warning)
        let before = try [.putNode(Node(agent("old"))), .putNode(external), .putCheck(check), instance("1", on: "old")]
        let after = try applied(try agent("new").arrival(in: try catalog(before), watchesDocker: true), to: before)
        #expect(after.nodes.map(\.node.value.name.text) == ["new", "router"])
        #expect(after.node(try NodeName("new"))?.checks.map(\.value.status) == [.warning])
        #expect(after.instances(on: try NodeName("new")).count == 1)
    }

    @Test func `other nodes are left alone`() throws {
        let before = try [.putNode(Node(agent("a"))), .putNode(Node(agent("b", id: "id-2"))), instance("1", on: "b")]
        let after = try applied(
            try agent("c", id: "id-3").arrival(in: try catalog(before), watchesDocker: false), to: before)
        #expect(after.nodes.map(\.node.value.name.text) == ["a", "b", "c"])
        #expect(after.instances(on: try NodeName("b")).count == 1)
    }

    @Test func `without Docker, what came from Docker goes and the rest stays`() throws {
        let before = try [
            .putNode(Node(agent("a"))), instance("1", on: "a"), instance("2", on: "a", owner: docker),
        ]
        let after = try applied(
            try agent("a").arrival(in: try catalog(before), watchesDocker: false), to: before)
        #expect(after.instances(on: try NodeName("a")).map(\.instance.value.id) == ["1"])
    }
}

private let docker = Owner.docker(engine: "engine", container: String(repeating: "a", count: 64))

import Testing

@testable import Registry

/// What one change does to the indexes of a catalog that holds two nodes, three instances of two services, an
/// instance's check and a node's check.
struct IndexRule: CustomTestStringConvertible, Sendable {
    enum Bump: String, CaseIterable, Sendable { case nodes, services, checks, extinction, web, db }

    var testDescription: String
    var change: @Sendable () throws -> CatalogChange
    /// The indexes that become the change's own; all others stay. None: the catalog's index stays too.
    var bumps: Set<Bump>
    var services: Set<String> = []
    var nodes: Set<String> = []
}

@Suite struct `Each change bumps what its readers wait on, and nothing else` {
    static func start() throws -> CatalogState {
        try CatalogState([
            .putNode(node("n1")), .putNode(node("n2")),
            .putInstance(instance("web-1", of: "web"), checks: [check("c1", of: "web-1", status: .passing)]),
            .putInstance(instance("web-2", of: "web", on: "n2"), checks: nil),
            .putInstance(instance("db-1", of: "db"), checks: nil),
            .putCheck(check("disk", of: nil, on: "n2", status: .passing)),
        ])
    }

    static let rules: [IndexRule] = [
        IndexRule(
            testDescription: "a new node", change: { .putNode(try node("n3")) }, bumps: [.nodes], nodes: ["n3"]),
        IndexRule(testDescription: "the same node again", change: { .putNode(try node("n1")) }, bumps: []),
        IndexRule(
            testDescription: "the same node in other letters", change: { .putNode(try node("N1")) }, bumps: []),
        IndexRule(
            testDescription: "a node's new address", change: { .putNode(try node("n1", address: "10.0.0.9")) },
            bumps: [.nodes, .web, .db], services: ["web", "db"], nodes: ["n1"]),
        IndexRule(
            testDescription: "a node removed", change: { .removeNode(try nodeName("n1")) },
            bumps: [.nodes, .services, .checks, .extinction, .web], services: ["web", "db"], nodes: ["n1"]),
        IndexRule(testDescription: "an unknown node removed", change: { .removeNode(try nodeName("n9")) }, bumps: []),
        IndexRule(
            testDescription: "a new instance", change: { .putInstance(try instance("web-3", of: "web"), checks: nil) },
            bumps: [.services, .web], services: ["web"]),
        IndexRule(
            testDescription: "a new service",
            change: { .putInstance(try instance("new-1", of: "new"), checks: nil) }, bumps: [.services],
            services: ["new"]),
        IndexRule(
            testDescription: "the same instance again",
            change: { .putInstance(try instance("web-1", of: "web"), checks: nil) }, bumps: []),
        IndexRule(
            testDescription: "the same instance with the same check",
            change: {
                .putInstance(
                    try instance("web-1", of: "web"), checks: [try check("c1", of: "web-1", status: .critical)])
            }, bumps: []),
        IndexRule(
            testDescription: "the same instance without its check",
            change: { .putInstance(try instance("web-1", of: "web"), checks: []) }, bumps: [.checks, .web],
            services: ["web"]),
        IndexRule(
            testDescription: "an instance's new port",
            change: { .putInstance(try instance("web-1", of: "web", port: 81), checks: nil) },
            bumps: [.services, .web], services: ["web"]),
        IndexRule(
            testDescription: "an instance's new tags, which are its check's too",
            change: { .putInstance(try instance("web-1", of: "web", tags: ["new"]), checks: nil) },
            bumps: [.services, .checks, .web], services: ["web"]),
        IndexRule(
            testDescription: "the new tags of an instance without a check",
            change: { .putInstance(try instance("db-1", of: "db", tags: ["new"]), checks: nil) },
            bumps: [.services, .db], services: ["db"]),
        IndexRule(
            testDescription: "an instance that changes its service, and that of its check",
            change: { .putInstance(try instance("web-1", of: "db"), checks: nil) },
            bumps: [.services, .checks, .web, .db], services: ["web", "db"]),
        IndexRule(
            testDescription: "the last instance that changes its service",
            change: { .putInstance(try instance("db-1", of: "web"), checks: nil) },
            bumps: [.services, .extinction, .web], services: ["web", "db"]),
        IndexRule(
            testDescription: "an instance removed", change: { .removeInstance(try instanceKey("web-2", on: "n2")) },
            bumps: [.services, .web], services: ["web"]),
        IndexRule(
            testDescription: "an instance with a check removed", change: { .removeInstance(try instanceKey("web-1")) },
            bumps: [.services, .checks, .web], services: ["web"]),
        IndexRule(
            testDescription: "the last instance removed", change: { .removeInstance(try instanceKey("db-1")) },
            bumps: [.services, .extinction], services: ["db"]),
        IndexRule(
            testDescription: "an unknown instance removed", change: { .removeInstance(try instanceKey("web-9")) },
            bumps: []),
        IndexRule(
            testDescription: "an instance's check turns",
            change: { .setStatus(try checkKey("c1"), .critical, output: "") }, bumps: [.checks, .web],
            services: ["web"]),
        IndexRule(
            testDescription: "a check says something else",
            change: { .setStatus(try checkKey("c1"), .passing, output: "fine") }, bumps: [.checks, .web],
            services: ["web"]),
        IndexRule(
            testDescription: "a check says the same",
            change: { .setStatus(try checkKey("c1"), .passing, output: "") }, bumps: []),
        IndexRule(
            testDescription: "an unknown check", change: { .setStatus(try checkKey("c9"), .passing, output: "") },
            bumps: []),
        IndexRule(
            testDescription: "a node's check turns",
            change: { .setStatus(try checkKey("disk", on: "n2"), .warning, output: "") }, bumps: [.checks, .web],
            services: ["web"], nodes: ["n2"]),
        IndexRule(
            testDescription: "a node's new check", change: { .putCheck(try check("load", of: nil)) },
            bumps: [.checks, .web, .db], services: ["web", "db"], nodes: ["n1"]),
        IndexRule(
            testDescription: "an instance's new check", change: { .putCheck(try check("c2", of: "db-1")) },
            bumps: [.checks, .db], services: ["db"]),
        IndexRule(
            testDescription: "a check that changes its instance",
            change: { .putCheck(try check("c1", of: "db-1", status: .passing)) }, bumps: [.checks, .web, .db],
            services: ["web", "db"]),
        IndexRule(
            testDescription: "a registration that takes another's check",
            change: { .putInstance(try instance("db-1", of: "db"), checks: [try check("c1", of: "db-1")]) },
            bumps: [.checks, .web, .db], services: ["web", "db"]),
        IndexRule(
            testDescription: "a check removed", change: { .removeCheck(try checkKey("c1")) }, bumps: [.checks, .web],
            services: ["web"]),
        IndexRule(
            testDescription: "a node's check removed", change: { .removeCheck(try checkKey("disk", on: "n2")) },
            bumps: [.checks, .web], services: ["web"], nodes: ["n2"]),
        IndexRule(
            testDescription: "an unknown check removed", change: { .removeCheck(try checkKey("c9")) }, bumps: []),
    ]

    @Test(arguments: rules) func `as Consul's rules say`(rule: IndexRule) throws {
        var state = try Self.start()
        let before = try indexes(of: state.snapshot)
        let delta = try state.apply(rule.change())
        let after = try indexes(of: state.snapshot)
        let new: UInt64 = 7
        for bump in IndexRule.Bump.allCases {
            // A service that is gone answers with the extinction.
            let isGone = try bump == .db && state.snapshot.service(serviceName("db")) == nil
            let expected = rule.bumps.contains(bump) || isGone ? new : before[bump]
            #expect(after[bump] == expected, "\(bump)")
        }
        #expect(state.snapshot.index == (rule.bumps.isEmpty ? 6 : new))
        #expect(delta.isEmpty == rule.bumps.isEmpty)
        #expect(delta.services == Set(try rule.services.map(serviceName)))
        #expect(delta.nodes == Set(try rule.nodes.map(nodeName)))
    }

    private func indexes(of snapshot: CatalogSnapshot) throws -> [IndexRule.Bump: UInt64] {
        [
            .nodes: snapshot.nodesIndex, .services: snapshot.servicesIndex, .checks: snapshot.checksIndex,
            .extinction: snapshot.extinctionIndex, .web: snapshot.index(of: try serviceName("web")),
            .db: snapshot.index(of: try serviceName("db")),
        ]
    }

    @Test func `an index of its own is waited on by nobody`() throws {
        var state = try Self.start()
        let before = try indexes(of: state.snapshot)
        let delta = try state.apply(.advance)
        #expect(delta.index == 7 && delta.isAdvance)
        #expect(delta.services.isEmpty && delta.nodes.isEmpty && delta.keys.isEmpty && delta.sessions.isEmpty)
        #expect(state.snapshot.index == 7)
        #expect(try indexes(of: state.snapshot) == before)
    }

    @Test func `an object keeps its creation index, and gets a modification index when it changes itself`() throws {
        var state = try Self.start()
        try state.apply(.setStatus(try checkKey("c1"), .warning, output: ""))
        try state.apply(.putNode(try node("n1", meta: ["a": "b"])))
        let entry = try #require(state.snapshot.instance(try instanceKey("web-1")))
        #expect([entry.instance.createIndex, entry.instance.modifyIndex] == [3, 3])
        #expect([entry.checks[0].createIndex, entry.checks[0].modifyIndex] == [3, 7])
        let indexed = try #require(state.snapshot.node(try nodeName("n1"))).node
        #expect([indexed.createIndex, indexed.modifyIndex] == [1, 8])
        try state.apply(.putInstance(try instance("web-1", of: "web", port: 81), checks: nil))
        let changed = try #require(state.snapshot.instance(try instanceKey("web-1")))
        #expect([changed.instance.createIndex, changed.instance.modifyIndex] == [3, 9])
    }

    @Test func `a service that comes back has a higher index than when it was gone`() throws {
        var state = try Self.start()
        let db = try serviceName("db")
        try state.apply(.removeInstance(try instanceKey("db-1")))
        let gone = state.snapshot.index(of: db)
        try state.apply(.putInstance(try instance("db-1", of: "db"), checks: nil))
        #expect(state.snapshot.index(of: db) > gone)
    }
}

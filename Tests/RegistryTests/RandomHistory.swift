import DNS

@testable import Registry

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// Changes over so few names that they meet again and again: renamed instances, checks that wander, nodes that go.
struct RandomHistory {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() throws -> CatalogChange {
        let node = try NodeName(["n0", "n1", "n2.n1"][number(3)])
        switch number(34) {
        case 31..<34: return .query(try randomQueryChange())
        case 30: return .advance
        case 20..<26: return .key(try randomKeyChange())
        case 26..<28: return .session(.put(try randomSession(on: node)))
        case 29: return .event(Event(id: "e\(number(9))", name: "n", payload: [1]))
        case 28: return .session(.remove("s\(number(4))"))
        case 0..<4: return .putNode(try randomNode(node))
        case 4: return .removeNode(node)
        case 5..<12:
            return .putInstance(try randomInstance(on: node), checks: try randomChecks(on: node))
        case 12..<14: return .removeInstance(InstanceKey(node: node, id: "i\(number(6))"))
        case 14..<17:
            return .setStatus(CheckKey(node: node, id: "c\(number(5))"), status(), output: "output \(number(3))")
        case 17..<19:
            let instance = number(3) == 0 ? nil : "i\(number(6))"
            return .putCheck(try check("c\(number(5))", of: instance, on: node.text, status: status()))
        default: return .removeCheck(CheckKey(node: node, id: "c\(number(5))"))
        }
    }

    mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private mutating func status() -> HealthStatus { HealthStatus.allCases[number(3)] }

    private mutating func randomNode(_ name: NodeName) throws -> Node {
        Node(
            name: name, id: "id-\(name.text)", address: try Address("10.0.0.\(number(2))"),
            taggedAddresses: number(2) == 0 ? [:] : ["wan": try Address("host-\(number(2)).example")],
            meta: number(2) == 0 ? [:] : ["rack": "r\(number(2))"])
    }

    private mutating func randomInstance(on node: NodeName) throws -> ServiceInstance {
        ServiceInstance(
            node: node, id: "i\(number(6))", name: try ServiceName(["web", "Web", "db", "cache"][number(4)]),
            tags: number(2) == 0 ? [] : ["v\(number(2))", "x"], address: number(2) == 0 ? nil : try Address("fe80::1"),
            port: UInt16(number(3)), meta: number(2) == 0 ? [:] : ["k": "\(number(2))"],
            taggedAddresses: number(3) == 0 ? ["lan": TaggedAddress(address: try Address("10.1.1.1"), port: 9)] : [:],
            weights: Weights(passing: UInt16(1 + number(2)), warning: 1), enableTagOverride: number(2) == 0,
            owner: number(2) == 0 ? nil : .docker(engine: "engine", container: "c\(number(2))"))
    }

    private mutating func randomKeyChange() throws -> KeyChange {
        let key = try Key(["a", "a/b", "a/c", "b/é", "b"][number(5)])
        let value = Array(repeating: UInt8(number(3)), count: number(3))
        switch number(8) {
        case 0..<3: return .put(key, value: value, flags: UInt64(number(2)))
        case 3..<5: return .lock(key, value: value, flags: 0, "s\(number(4))")
        case 5: return .unlock(key, value: value, flags: 0)
        case 6: return number(2) == 0 ? .remove(key) : .endLockDelay(key)
        default: return .removeAll(under: try KeyPrefix(["", "a/", "b", "c"][number(4)]))
        }
    }

    private mutating func randomQueryChange() throws -> PreparedQueryChange {
        guard number(3) > 0 else { return .remove("q\(number(5))") }
        var search = PreparedQuery.Search(service: number(2) == 0 ? "web" : "${match(1)}")
        search.onlyPassing = number(2) == 0
        search.tags = number(2) == 0 ? [] : ["x", "!v\(number(2))"]
        search.nodeMeta = number(2) == 0 ? [:] : ["rack": "r1"]
        search.failover.datacenters = number(2) == 0 ? [] : ["dc\(number(3))"]
        return .put(
            PreparedQuery(
                id: "q\(number(5))", name: ["", "web", "Web", "w-", "other"][number(5)],
                session: number(3) == 0 ? "s\(number(4))" : nil, token: number(4) == 0 ? "token" : "",
                template: number(3) == 0
                    ? try QueryTemplate(expression: "(.*)", removesEmptyTags: number(2) == 0) : nil,
                search: search,
                timeToLive: number(2) == 0 ? nil : PreparedQuery.TimeToLive(text: "10s", duration: .seconds(10))))
    }

    private mutating func randomSession(on node: NodeName) throws -> Session {
        Session(
            id: "s\(number(4))", name: "name", node: node, lockDelay: .milliseconds(number(2) * 1500),
            behavior: number(2) == 0 ? .release : .delete,
            timeToLive: number(2) == 0 ? nil : Session.TimeToLive(text: "1m30s", duration: .seconds(90)),
            nodeChecks: number(2) == 0 ? [] : ["c\(number(5))"], serviceChecks: number(3) == 0 ? ["c\(number(5))"] : [])
    }

    private mutating func randomChecks(on node: NodeName) throws -> [HealthCheck]? {
        guard number(3) > 0 else { return nil }
        return try (0..<number(3)).map { _ in
            let probes: [CheckDefinition.Probe?] = [
                nil, .tcp(host: try Address("localhost"), port: 80), .http(.init(url: "http://localhost/")),
            ]
            return try check("c\(number(5))", of: nil, on: node.text, status: status(), probe: probes[number(3)])
        }
    }
}

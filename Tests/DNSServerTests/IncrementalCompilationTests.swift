import DNS
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `Publishing changes one by one` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `ends where publishing the last catalog afresh does`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var catalog = try CompiledCatalog()
        for step in 1...200 {
            // An instance of a node that is not there is refused, and changes nothing.
            do { try catalog.apply(RandomChange.next(&random)) } catch CatalogError.unknownNode {}
            // The tests beside this one want the processor, too.
            await Task.yield()
            if step.isMultiple(of: 20) { #expect(catalog.names == catalog.fromScratch) }
            for address in RandomChange.addresses.compactMap({ $0.flatMap { IPAddress($0) } }) {
                let holders = catalog.holders(of: address)
                #expect(catalog.reverse.nodes(at: address) == holders.nodes)
                #expect(catalog.reverse.services(at: address) == holders.services)
                if step.isMultiple(of: 20) { #expect(catalog.hasRightParents(of: address)) }
            }
        }
        #expect(!catalog.names.isEmpty)
    }

    @Test func `ends there as well where all of a large catalog is published at once`() async throws {
        var catalog = try CompiledCatalog([Example.node()])
        for number in 0..<4300 {
            let tags = number.isMultiple(of: 3) ? ["v1", "V1", "x"] : []
            try catalog.apply(Example.instance("s\(number)", tags: tags, address: "10.0.\(number % 7).1"))
            await Task.yield()
        }
        let publisher = AnswerPublisher(
            try RegistryZone(agent: Example.agent()), manyServices: .max, logger: LogRecorder().logger)
        catalog.tellAll(publisher)
        #expect(catalog.fromScratch == catalog.names)
        let different = catalog.names.values.filter { publisher.table.records(at: $0.owner)?.sets != $0.sets }
        #expect(different.map(\.owner).prefix(3) == [])
        #expect(catalog.names.count > 4300 * 5 / 3)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `ends there as well where the changes of large services are gathered`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let publisher = AnswerPublisher(
            try RegistryZone(agent: Example.agent()), manyInstances: 2, logger: LogRecorder().logger)
        var catalog = try CompiledCatalog()
        var seen: Set<DomainName> = []
        var delays = 0
        for step in 1...400 {
            do { try catalog.apply(RandomChange.next(&random), telling: publisher) } catch CatalogError.unknownNode {}
            await Task.yield()
            seen.formUnion(catalog.names.keys)
            let isDue = step.isMultiple(of: 20)
            if isDue { publisher.publishGathered() }
            let late = seen.filter { name in
                publisher.table.records(at: name)?.sets ?? [] != catalog.names[name]?.sets ?? []
            }
            if isDue { #expect(late.isEmpty) }
            // Only what is large is late.
            #expect(late.allSatisfy { catalog.instances(at: $0) > 2 })
            delays += late.count
        }
        #expect(delays > 0)
    }
}

/// Changes of a small catalog, in which everything happens again and again.
enum RandomChange {
    private static let nodes = ["n1", "n2", "N2", "n3", "a.n1"]
    private static let services = ["web", "Web", "db", "cache", "a_b"]
    private static let tags = ["v1", "V1", "v1.primary", "bad tag", "x", "y", "UDP"]
    static let addresses: [String?] = [nil, nil, "10.0.0.1", "10.0.0.2", "2001:db8::1", "www.example.net"]

    static func next(_ random: inout SeededGenerator) throws -> CatalogChange {
        let node = nodes.randomElement(using: &random) ?? ""
        let id = "i\(Int.random(in: 0..<6, using: &random))"
        let key = InstanceKey(node: try NodeName(node), id: id)
        let status = HealthStatus.allCases.randomElement(using: &random) ?? .passing
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return .removeNode(try NodeName(node))
        case 1...3: return .removeInstance(key)
        case 4...7:
            return .setStatus(CheckKey(node: key.node, id: "\(id)-0"), status, output: "")
        case 8...13:
            return try Example.instance(
                services.randomElement(using: &random) ?? "", id, on: node,
                tags: tags.filter { _ in Bool.random(using: &random) },
                address: addresses.randomElement(using: &random) ?? nil,
                port: UInt16.random(in: 1...3, using: &random),
                transport: ([nil, nil] + TransportProtocol.allCases).randomElement(using: &random) ?? nil,
                weights: Weights(passing: 1, warning: 2),
                health: Bool.random(using: &random) ? [status] : [])
        default:
            return try Example.node(
                node, ["10.0.0.1", "10.0.0.9", "host.example.net"].randomElement(using: &random) ?? "")
        }
    }
}

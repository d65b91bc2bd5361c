import DNS
import HashTreeCollections
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `The zone that secondaries hold` {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `is what its changes come to, and what it would be from the start`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let zone = try RegistryZone(agent: Example.agent())
        var catalog = try CompiledCatalog()
        var spelled = SpelledOutZone(zone)
        _ = spelled.takeChanges()
        var copy = spelled.sets
        for _ in 1...200 {
            do {
                for publication in try catalog.apply(RandomChange.next(&random)) { spelled.apply(publication) }
            } catch CatalogError.unknownNode {}
            // Some serials stand for several changes.
            guard Bool.random(using: &random) else { continue }
            let (removed, added) = spelled.takeChanges()
            try Self.apply(removed, added, to: &copy)
            #expect(Self.records(copy) == Self.records(spelled.sets))
            for sets in spelled.sets.values where sets.contains(where: { $0.type == .cname }) {
                #expect(sets.count == 1 && sets[0].rdata.count == 1)
            }
        }
        var afresh = SpelledOutZone(zone)
        for records in catalog.names.values { afresh.apply(.publish(records)) }
        #expect(Self.records(afresh.sets) == Self.records(spelled.sets))
    }

    /// As a secondary applies them: what is removed must be there, and what is added must not.
    private static func apply(
        _ removed: [RRSet], _ added: [RRSet], to copy: inout TreeDictionary<DomainName, [RRSet]>
    ) throws {
        for set in removed {
            var sets = try #require(copy[set.owner])
            let index = try #require(sets.firstIndex { $0.type == set.type && $0.timeToLive == set.timeToLive })
            for data in set.rdata {
                let position = try #require(sets[index].rdata.firstIndex(of: data))
                sets[index].rdata.remove(at: position)
            }
            if sets[index].rdata.isEmpty { sets.remove(at: index) }
            copy[set.owner] = sets.isEmpty ? nil : sets
        }
        for set in added {
            var sets = copy[set.owner] ?? []
            if let index = sets.firstIndex(where: { $0.type == set.type }) {
                for data in set.rdata { try #require(!sets[index].rdata.contains(data)) }
                sets[index].rdata += set.rdata
            } else {
                sets.append(set)
            }
            copy[set.owner] = sets
        }
    }

    private static func records(_ sets: TreeDictionary<DomainName, [RRSet]>) -> Set<[String]> {
        Set(
            sets.flatMap { owner, sets in
                sets.flatMap { set in set.rdata.map { ["\(owner)".lowercased(), "\(set.type.rawValue)", "\($0)"] } }
            })
    }
}

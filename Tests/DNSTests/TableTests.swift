import Synchronization
import TestSupport
import Testing

@testable import DNS

@Suite struct `Publishing and removing names` {
    private static let names = ["a", "b", "c"].flatMap { a in
        ["x", "y"].flatMap { x in
            [
                "\(a).example.", "\(x).\(a).example.", "deep.\(x).\(a).example.", "\(a).service.consul.",
                "\(x).\(a).service.consul.", "\(a).node.consul.",
            ]
        }
    }

    /// The names that exist when `published` are, by the definition (RFC 8020) and nothing else.
    private func existing(_ published: Set<DomainName>) -> Set<DomainName> {
        let permanent = ["consul.", "dc1.consul.", "addr.consul.", "example."].map(PlainText.name)
        var names = Set(permanent)
        var waiting = Array(published)
        while let name = waiting.popLast(), name != .root {
            guard names.insert(name).inserted else { continue }
            if let parent = name.parent, parent != .root { waiting.append(parent) }
            let labels = name.description.split(separator: ".")
            guard labels.suffix(2) == ["service", "consul"], !name.description.hasPrefix("_") else { continue }
            switch labels.count {
            case 3:
                waiting.append(PlainText.name("_\(labels[0])._tcp.service.consul."))
                waiting.append(PlainText.name("_\(labels[0])._tcp.consul."))
            case 4:
                waiting.append(PlainText.name("_\(labels[1])._\(labels[0]).service.consul."))
                waiting.append(PlainText.name("_\(labels[1])._\(labels[0]).consul."))
            default: break
            }
        }
        return names
    }

    @Test func `names exist as long as one at or below them is published`() throws {
        let table = AnswerTable(zones: [Sample.registry, Sample.file])
        var generator = SeededGenerator(seed: 5)
        var published: Set<DomainName> = []
        let all = Self.names.map(PlainText.name)
        let known = existing(Set(all))
        for round in 0..<1500 {
            guard let name = all.randomElement(using: &generator) else { continue }
            if Bool.random(using: &generator) {
                let isEmpty = Int.random(in: 0..<4, using: &generator) == 0
                table.publish(isEmpty ? OwnerRecords(owner: name) : Sample.names("\(name) 1 A 10.0.0.1"))
                published.insert(name)
            } else {
                table.remove(name)
                published.remove(name)
            }
            guard round % 10 == 0 else { continue }
            let expected = existing(published)
            for name in known where (table.records(at: name) != nil) != expected.contains(name) {
                Issue.record("\(name) should \(expected.contains(name) ? "" : "not ")exist in round \(round)")
            }
        }
        for name in published { table.remove(name) }
        for name in known { #expect((table.records(at: name) != nil) == existing([]).contains(name)) }
    }

    @Test func `what was published is what is told`() throws {
        let table = Sample.table()
        for records in Sample.registryRecords + Sample.fileRecords where !records.sets.isEmpty {
            var told = try #require(table.records(at: records.owner))
            told.sets.removeAll { $0.type == .soa }
            #expect(told.sets == records.sets)
            #expect(Set(told.additional) == Set(records.additional))
        }
        let dotted = try #require(table.records(at: PlainText.name("0a000001.addr.dc1.consul.")))
        #expect(dotted.sets.map(\.rdata) == [[[10, 0, 0, 1]]])
        #expect(table.records(at: PlainText.name("nothing.consul.")) == nil)
    }

    @Test func `a name of no zone is not taken`() {
        let table = Sample.table()
        #expect(!table.publish(Sample.names("www.example.org. 1 A 10.0.0.1")))
        #expect(table.records(at: PlainText.name("www.example.org.")) == nil)
    }

    @Test func `a republished name has its new records and keeps the names below it`() {
        let table = Sample.table()
        table.publish(Sample.names("web.service.consul. 1 A 10.9.9.9"))
        #expect(table.records(at: PlainText.name("web.service.consul."))?.sets.count == 1)
        table.remove(PlainText.name("web.service.consul."))
        #expect(table.records(at: PlainText.name("web.service.consul."))?.sets.isEmpty == true)
        table.remove(PlainText.name("primary.web.service.consul."))
        #expect(table.records(at: PlainText.name("web.service.consul.")) == nil)
    }

    @Test func `zones come and go while their neighbours stay`() throws {
        let table = Sample.table()
        let web = PlainText.name("web.service.consul.")
        let before = try #require(table.records(at: web))
        table.setZones([Sample.registry])
        #expect(table.records(at: PlainText.name("web.example.")) == nil)
        #expect(table.records(at: PlainText.name("example.")) == nil)
        #expect(table.records(at: web) == before)
        table.setZones([Sample.registry, Sample.file])
        #expect(table.records(at: PlainText.name("example."))?.sets.map(\.type) == [.soa])
        #expect(table.records(at: PlainText.name("_tcp.service.consul.")) != nil)
        #expect(table.records(at: web) == before)
    }

    @Test func `what zones hold comes and goes with them`() throws {
        let table = Sample.table()
        let (web, new) = (PlainText.name("web.example."), Sample.names("new.example. 1 A 10.0.0.1"))
        table.setZones([Sample.registry, Sample.file], removing: [web], publishing: [new])
        #expect(table.records(at: web) == nil)
        #expect(table.records(at: new.owner) == new)
        #expect(table.records(at: PlainText.name("www.example.")) != nil)
        table.setZones([Sample.registry])
        table.setZones([Sample.registry, Sample.file], publishing: [new])
        #expect(table.records(at: new.owner) == new)
        #expect(table.records(at: PlainText.name("www.example.")) == nil)
    }

    @Test func `a new serial keeps the apex's other records`() throws {
        let table = Sample.table()
        var zone = Sample.file
        zone.soa = PlainText.sets(Sample.fileSOA.replacing(" 42 ", with: " 43 "))[0]
        table.setZones([Sample.registry, zone])
        let apex = try #require(table.records(at: PlainText.name("example.")))
        #expect(Set(apex.sets.map(\.type)) == [.ns, .mx, .soa])
        #expect(apex.sets.first { $0.type == .soa }?.rdata == zone.soa.rdata)
        table.remove(zone.apex)
        #expect(table.records(at: zone.apex)?.sets == [zone.soa])
    }

    @Test func `a new serial alone touches the apex alone, and readers need not look at the zones again`() throws {
        let table = Sample.table()
        let slots = table.slots.load(ordering: .acquiring)
        let apex = Sample.registry.apex
        let others = try #require(table.records(at: apex)).sets.filter { $0.type != .soa }
        var soa = Sample.registry.soa
        soa.rdata[0][soa.rdata[0].count - 17] ^= 1
        #expect(table.setSOA(soa))
        #expect(table.slots.load(ordering: .acquiring) == slots)
        let sets = try #require(table.records(at: apex)).sets
        #expect(sets.filter { $0.type == .soa } == [soa])
        #expect(sets.filter { $0.type != .soa } == others)
        // What the writer publishes there later has it too, and the answers for names that are not there.
        table.publish(OwnerRecords(owner: apex))
        #expect(table.records(at: apex)?.sets == [soa])
        var paths = BothPaths(table)
        let (_, reply, _) = paths.replies(to: QueryText("nothing.consul. A").octets(), seed: 1)
        #expect(reply?.suffix(20) == soa.rdata[0].suffix(20))
        soa.owner = PlainText.name("elsewhere.")
        #expect(!table.setSOA(soa))
        #expect(table.records(at: soa.owner) == nil)
    }

    @Test func `many names published at once are those published one by one`() {
        let zones = [Sample.registry, Sample.file]
        let tables = [AnswerTable(zones: zones), AnswerTable(zones: zones)]
        let owners =
            Sample.registryRecords + Sample.fileRecords
            + (0..<700).flatMap { number in
                [
                    Sample.names("n\(number).service.consul. 1 A 10.0.0.1"),
                    Sample.names("t\(number % 7).n\(number).service.consul. 1 A 10.0.0.2"),
                    Sample.names("deep.n\(number).x\(number % 9).example. 1 A 10.0.0.3"),
                    Sample.names("n\(number).example.org. 1 A 10.0.0.4"),
                ]
            }
        // Twice: new names, then names that are there.
        for address in ["10.1.1.1", "10.2.2.2"] {
            let owners = owners + [Sample.names("again.service.dc1.consul. 1 A \(address)")]
            for records in owners { tables[0].publish(records) }
            tables[1].publish(owners)
        }
        let spellings = owners.map(\.owner) + ["_n1._tcp.consul.", "_n1._t1.service.consul."].map(PlainText.name)
        let names = spellings.flatMap { name in sequence(first: name, next: \.parent) }
        for name in Set(names) where tables[0].records(at: name) != tables[1].records(at: name) {
            Issue.record("\(name) differs")
        }
        #expect(tables[1].records(at: PlainText.name("n1.example.org.")) == nil)
        for name in owners.map(\.owner) + [PlainText.name("again.service.consul.")] { tables[1].remove(name) }
        #expect(tables[1].records(at: PlainText.name("_tcp.service.consul.")) == nil)
        #expect(tables[1].records(at: PlainText.name("x1.example.")) == nil)
    }

    @Test func `3,000 names fit, and go without a trace`() {
        let table = AnswerTable(zones: [Sample.registry])
        for number in 0..<3_000 { table.publish(Sample.names("n\(number).service.consul. 1 A 10.0.0.1")) }
        for number in 0..<3_000 {
            if table.records(at: PlainText.name("n\(number).service.consul.")) == nil {
                Issue.record("\(number) is gone")
            }
        }
        for number in 0..<3_000 { table.remove(PlainText.name("n\(number).service.consul.")) }
        #expect(table.records(at: PlainText.name("service.consul.")) == nil)
        #expect(table.records(at: PlainText.name("_tcp.service.consul.")) == nil)
    }
}

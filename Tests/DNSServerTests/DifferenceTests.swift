import DNS
import Foundation
import Testing
import ZoneFiles

@testable import DNSServer

@Suite struct `NSD with the same zone file` {
    @Test(arguments: try Self.zoneFiles())
    func `gives the same answers`(file: File) async throws {
        try await withBoth(file) { berth, nsd, zone in
            let questions = Question.all(about: zone)
            #expect(questions.count > 500)
            try Self.compare(questions, berth, nsd)
        }
    }

    @Test func `marks the same answers as truncated, but for those that it compresses more`() async throws {
        try await withBoth(File(apex: "large.example", text: RichZone.large)) { berth, nsd, zone in
            var truncated = 0
            for question in Question.large(in: zone) {
                let (own, other) = try question.ask(berth, nsd)
                if own.isTruncated { truncated += 1 }
                guard own.isTruncated != other.isTruncated else { continue }
                #expect(own.isTruncated, "NSD leaves out what Berth has a place for: \(question)")
                #expect(try question.whole(from: berth) > question.room, "\(question)")
            }
            #expect(truncated > 20)
        }
    }

    struct File: Sendable, CustomTestStringConvertible {
        var apex: String
        var text: String
        var testDescription: String { apex }
    }

    private static func zoneFiles() throws -> [File] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let example = try String(contentsOf: root.appending(path: "zones/example.zone"), encoding: .utf8)
        return [File(apex: "berth.example", text: example), File(apex: "rich.example", text: RichZone.text)]
    }

    private func withBoth(
        _ file: File, _ body: @Sendable @escaping (UDPClient, UDPClient, ZoneFile) async throws -> Void
    ) async throws {
        try await RunningServer.with(zones: ["\(file.apex).zone": file.text]) { running in
            let zone = try ZoneFile.load(running.zones.appending(path: "\(file.apex).zone").path)
            try await ReferenceServer.with(zones: [file.apex: file.text]) { nsd in
                try await body(
                    UDPClient(to: "127.0.0.1", port: running.port), UDPClient(to: "127.0.0.1", port: nsd.port), zone)
            }
        }
    }

    private static func compare(_ questions: [Question], _ berth: UDPClient, _ nsd: UDPClient) throws {
        var differences: [String] = []
        var codes: Set<Int> = []
        for question in questions {
            let (own, other) = try question.ask(berth, nsd)
            codes.insert(own.responseCode)
            let (left, right) = Intended.leveled(own, other, question)
            if left != right { differences.append(left.difference(from: right, question)) }
        }
        #expect(codes.isSuperset(of: [0, 3]))
        let text = differences.prefix(40).joined(separator: "\n")
        if !differences.isEmpty { Issue.record("\(differences.count) of \(questions.count) differ:\n\(text)") }
    }
}

extension LdnsMessage {
    /// What differs, in lines for people.
    fileprivate func difference(from other: LdnsMessage, _ question: Question) -> String {
        var lines = ["\(question)"]
        func note(_ what: String, _ own: some Equatable, _ others: some Equatable) {
            if "\(own)" != "\(others)" { lines.append("  \(what): \(own)\n  NSD's: \(others)") }
        }
        note("rcode", responseCode, other.responseCode)
        note("AA", isAuthoritative, other.isAuthoritative)
        note("TC", isTruncated, other.isTruncated)
        note("EDNS", [hasEDNS, isDNSSECOK], [other.hasEDNS, other.isDNSSECOK])
        note("answer", answer, other.answer)
        note("authority", authority, other.authority)
        note("additional", additional, other.additional)
        return lines.joined(separator: "\n")
    }
}

/// A question and the way it is asked.
struct Question: Sendable, CustomStringConvertible {
    var name: String
    var type: RecordType
    /// `nil`: without EDNS.
    var payloadSize: UInt16?
    var dnssecOK = false

    /// Octets that the reply may have.
    var room: Int { max(512, Int(payloadSize ?? 0)) }

    var description: String {
        "\(name) TYPE\(type.rawValue)" + (payloadSize.map { " EDNS \($0)\(dnssecOK ? " DO" : "")" } ?? "")
    }

    /// Every type at every owner name, above, beside and below it, and in another case, with and without EDNS and DO.
    static func all(about zone: ZoneFile) -> [Question] {
        let present = Set(zone.records.map(\.type))
        let asked = [1, 2, 5, 6, 12, 15, 16, 28, 33, 39, 43, 46, 47, 48, 65, 65432].map(RecordType.init(rawValue:))
        let types = present.union(asked).sorted { $0.rawValue < $1.rawValue }
        return names(in: zone).flatMap { name in types.map { Question(name: name, type: $0) } }.enumerated().map {
            number, question in
            var question = question
            question.payloadSize = number % 3 == 0 ? nil : 1232
            question.dnssecOK = number % 3 == 2
            return question
        }
    }

    /// The sets that are too large for some datagrams, with room for more and more of them.
    static func large(in zone: ZoneFile) -> [Question] {
        let sizes: [UInt16?] = [nil] + stride(from: 512, through: 1232, by: 24).map(UInt16.init)
        return zone.records.filter { $0.rdata.reduce(0) { $0 + $1.count } > 200 }.flatMap { set in
            sizes.map { Question(name: set.owner.description, type: set.type, payloadSize: $0) }
        }
    }

    private static func names(in zone: ZoneFile) -> [String] {
        var names: Set<String> = []
        for owner in Set(zone.records.map(\.owner)) {
            let text = owner.description
            let rest = owner.parent?.description ?? "."
            names.formUnion([
                text, "x." + text, "y.x." + text, "zz." + rest, text.uppercased(), "X." + text.uppercased(),
            ])
            if text.hasPrefix("*.") { names.formUnion(["q." + rest, "q.r." + rest, "*.q." + rest]) }
            var ancestor = owner.parent
            while let name = ancestor, name.isSubdomain(of: zone.zone.apex) {
                names.insert(name.description)
                ancestor = name.parent
            }
        }
        names.insert("example.net.")
        return names.filter { (try? DomainName(text: $0)) != nil }.sorted()
    }

    func ask(_ berth: UDPClient, _ nsd: UDPClient) throws -> (own: LdnsMessage, other: LdnsMessage) {
        let query = try octets(payloadSize)
        let own = try #require(berth.ask(query), "\(self)")
        let other = try #require(nsd.ask(query), "\(self)")
        #expect(own.count <= room, "\(self)")
        return (try LdnsMessage(own).folded, try LdnsMessage(other).folded)
    }

    /// How long the reply is where there is room for all of it.
    func whole(from server: UDPClient) throws -> Int {
        try server.ask(octets(4096))?.count ?? 0
    }

    private func octets(_ payloadSize: UInt16?) throws -> [UInt8] {
        var query = try Queries.query(name, type)
        guard let payloadSize else { return query }
        query[11] = 1
        return query + [0, 0, 41] + Queries.octets(payloadSize) + [0, 0, dnssecOK ? 0x80 : 0, 0, 0, 0]
    }
}

/// The differences that are meant to be.
private enum Intended {
    /// Both replies without them.
    static func leveled(
        _ own: LdnsMessage, _ other: LdnsMessage, _ question: Question
    ) -> (LdnsMessage, LdnsMessage) {
        var other = other
        // Berth's positive answers are minimal: nobody needs the zone's name servers with each of them.
        if other.responseCode == 0, !other.answer.isEmpty, own.authority.isEmpty {
            other.authority.removeAll { $0.split(separator: "\t")[3] == "ns" }
            other.additional.removeAll { $0.hasPrefix("ns") && !own.additional.contains($0) }
        }
        // Addresses that come along are a favour (RFC 1034 4.3.2 step 6): Berth does it for MX, NS and SRV, and with what
        // is in the zone file, not with what a wildcard would make of a name.
        other.additional.removeAll { $0.hasPrefix("any.wild.") }
        let (route, keyExchanger) = (RecordType(rawValue: 21), RecordType(rawValue: 36))
        if own.additional.isEmpty, [route, keyExchanger].contains(question.type) { other.additional = [] }
        // RFC 9460 4.1, which NSD 4.6 does not know.
        if other.additional.isEmpty, question.type == .svcb || question.type == .https {
            other.additional = own.additional
        }
        return (own, other)
    }
}

import DNS
import Foundation
import HashTreeCollections
import Logging
import Synchronization
import Testing
import ZoneFiles

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `Zone files that are read again` {
    private final class Progress: Sendable {
        let isDone = Atomic(false)
        let looks = Atomic(0)
    }

    /// Is told of zones, and looks whether the table has them.
    private final class Hearer: Sendable {
        let table = Mutex<AnswerTable?>(nil)
        let told = Mutex<[UInt32?]>([])
    }

    private static let count = 300

    /// A zone whose addresses all tell its serial.
    private static func zone(_ serial: Int) throws -> ZoneFile {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zone")
        let hosts = (0..<count).map { "h\($0) A 192.0.2.\(serial)\n" }.joined()
        let text = "$ORIGIN t.example.\n$TTL 60\n@ SOA ns h \(serial) 1 1 1 1\n@ NS ns\nns A 192.0.2.\(serial)\n"
        try Data("\(text)\(hosts)v\(serial) A 192.0.2.\(serial)\n".utf8).write(to: path)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: path) } }
        return try ZoneFile.load(path.path)
    }

    /// The serial that an answer tells; `nil` for a refusal.
    private static func serial(_ reply: [UInt8]?) throws -> Int? {
        let reply = try #require(reply)
        if reply[3] & 15 == 5 { return nil }
        try #require(reply[3] & 15 == 0 && reply[7] > 0, "a name of the zone is not there")
        // An address ends with it; behind an SOA's are four more numbers.
        return Int(
            reply[reply[reply.count - 6] == 0 && reply[reply.count - 5] == 4 ? reply.count - 1 : reply.count - 17])
    }

    private static func publisher(_ transfers: TransferZones) throws -> AnswerPublisher {
        AnswerPublisher(
            try RegistryZone(agent: try Example.agent()), transfers: transfers, logger: Logger(label: "test"))
    }

    @Test func `are published as a whole, and nobody who has seen them sees others`() async throws {
        let transfers = TransferZones(changed: { _ in })
        let publisher = try Self.publisher(transfers)
        let apex = try DomainName(text: "t.example")
        let versions = try (1...8).map(Self.zone)
        let queries = try [
            Queries.query("t.example", .soa), Queries.query("h0.t.example", .a),
            Queries.query("h\(Self.count - 1).t.example", .a), Queries.query("ns.t.example", .a),
        ]
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<2 {
                tasks.addTask {
                    defer { progress.looks.add(1000, ordering: .relaxed) }
                    var newest = 0
                    repeat {
                        for query in queries {
                            guard let serial = try Self.serial(publisher.table.answer(query, over: .tcp)) else {
                                continue
                            }
                            #expect(serial >= newest)
                            newest = serial
                        }
                        if let version = transfers.history(of: apex)?.version {
                            let serial = UInt8(truncatingIfNeeded: version.soa.serial)
                            let addresses = version.sets.values.joined().filter { $0.type == .a }.flatMap(\.rdata)
                            #expect(Set(addresses) == [[192, 0, 2, serial]])
                            #expect(addresses.count == Self.count + 2)
                        }
                        progress.looks.add(1, ordering: .relaxed)
                        await Task.yield()
                    } while !progress.isDone.load(ordering: .acquiring)
                }
            }
            tasks.addTask {
                for (number, version) in versions.enumerated() {
                    if number % 3 == 2 { publisher.replaceZoneFiles([]) }
                    publisher.replaceZoneFiles([version])
                    let last = progress.looks.load(ordering: .relaxed)
                    while progress.looks.load(ordering: .relaxed) < last + 4 { await Task.yield() }
                }
                progress.isDone.store(true, ordering: .releasing)
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `are announced when everybody who asks is told of them`() throws {
        let hearer = Hearer()
        let transfers = TransferZones { soa in
            let known = hearer.table.withLock(\.self)?.records(at: soa.owner)?.sets.first { $0.type == .soa }
            hearer.told.withLock { $0.append(known == soa ? soa.serial : nil) }
        }
        let publisher = try Self.publisher(transfers)
        hearer.table.withLock { $0 = publisher.table }
        hearer.told.withLock { $0 = [] }
        publisher.replaceZoneFiles([try Self.zone(1)])
        publisher.replaceZoneFiles([try Self.zone(2)])
        #expect(hearer.told.withLock(\.self) == [1, 2])
    }
}

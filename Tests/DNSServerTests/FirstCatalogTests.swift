import DNS
import HashTreeCollections
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A large catalog that is there at the start` {
    private static let services = 20

    private static func changes() throws -> [CatalogChange] {
        try [Example.node(), Example.node("n2", "10.9.9.9")]
            + (0..<services).map { number in
                try Example.instance("s\(number)", tags: ["v1", "a.b"], address: "10.0.1.\(number)", meta: ["k": "v"])
            }
    }

    private static func publisher(transfers: TransferZones? = nil) throws -> AnswerPublisher {
        AnswerPublisher(
            try RegistryZone(agent: Example.agent()), transfers: transfers, manyServices: 3,
            logger: LogRecorder().logger)
    }

    /// The response code and the number of answers.
    private static func ask(
        _ publisher: AnswerPublisher, _ name: String, _ type: RecordType
    ) throws -> (code: UInt8, answers: UInt8) {
        let reply = try #require(publisher.table.answer(try Queries.query(name, type), over: .udp))
        return (reply[3] & 15, reply[7])
    }

    @Test func `is answered before it is published`() async throws {
        let catalog = try CompiledCatalog(Self.changes())
        let publisher = try Self.publisher()
        catalog.tellAll(publisher)
        let noError: UInt8 = 0
        let serverFailure: UInt8 = 2
        let nameError: UInt8 = 3
        let found: [(String, RecordType)] = [
            ("s1.service.consul", .srv), ("s2.service.consul", .a), ("v1.s3.service.consul", .srv),
            ("a.b.s4.service.consul", .a), ("_s5._tcp.service.consul", .srv), ("_s6._v1.service.consul", .srv),
            ("S7.SERVICE.DC1.CONSUL", .a), ("server01.node.consul", .a), ("n2.node.consul", .a),
            ("s8.service.consul", .txt),
            ("v1.a.b.s9.service.consul", .a), ("s10._s10._tcp.consul", .srv), ("consul", .soa),
        ]
        for (name, type) in found {
            let (code, answers) = try Self.ask(publisher, name, type)
            #expect(code == noError && answers == 1, "\(name) \(type)")
        }
        #expect(try Self.ask(publisher, "_services._dns-sd._udp.consul", .ptr).answers > 10)
        // What is not there yet may be found in what is published later.
        let missing: [(String, RecordType)] = [
            ("none.service.consul", .a), ("none.node.consul", .a), ("19.1.0.10.in-addr.arpa", .ptr),
        ]
        for (name, type) in missing { #expect(try Self.ask(publisher, name, type).code == serverFailure, "\(name)") }
        for (name, type) in [
            ("s11.service.consul", RecordType.aaaa), ("b.s12.service.consul", .a), ("service.consul", .a),
        ] {
            let (code, answers) = try Self.ask(publisher, name, type)
            #expect(code == noError && answers == 0, "\(name) \(type)")
        }

        let running = Task { await publisher.run() }
        defer { running.cancel() }
        #expect(try await eventually { try Self.ask(publisher, "none.service.consul", .a).code == nameError })
        #expect(try Self.ask(publisher, "19.1.0.10.in-addr.arpa", .ptr).answers == 1)
        let different = catalog.names.values.filter { publisher.table.records(at: $0.owner)?.sets != $0.sets }
        #expect(different.map(\.owner) == [])
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `is as it is now whenever it is published, through changes and questions`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var catalog = try CompiledCatalog(Self.changes())
        let publisher = try Self.publisher()
        catalog.tellAll(publisher)
        let names = try (0..<Self.services).map { try DomainName(text: "v1.s\($0).service.consul.") }
        for _ in 1...60 {
            let number = Int.random(in: 0..<Self.services, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: publisher.publishNow(names[number])
            case 1:
                try catalog.apply(
                    .removeInstance(InstanceKey(node: NodeName("server01"), id: "s\(number)")), telling: publisher)
            default:
                try catalog.apply(
                    Example.instance("s\(number)", tags: ["v1"], address: "10.0.2.\(number)"), telling: publisher)
            }
            publisher.publishNow(names[number])
            let sets = publisher.table.records(at: names[number])?.sets
            #expect(sets ?? [] == catalog.names[names[number]]?.sets ?? [])
        }
        try catalog.apply(Example.node("server01", "10.0.0.77"), telling: publisher)
        let running = Task { await publisher.run() }
        defer { running.cancel() }
        #expect(try await eventually { try Self.ask(publisher, "none.service.consul", .a).code == 3 })
        let different = catalog.names.values.filter { publisher.table.records(at: $0.owner)?.sets != $0.sets }
        #expect(different.map(\.owner) == [])
        for number in 0..<Self.services {
            let now = IPAddress("10.0.2.\(number)")
            let pointers = try Self.ask(publisher, "\(number).2.0.10.in-addr.arpa", .ptr)
            #expect(try (pointers.code == 0) == !catalog.holders(of: #require(now)).services.isEmpty)
        }
    }

    @Test func `has its serial at once, and is transferred when it is whole`() async throws {
        let catalog = try CompiledCatalog(Self.changes())
        let transfers = TransferZones { _ in }
        let publisher = try Self.publisher(transfers: transfers)
        catalog.tellAll(publisher)
        let apex = try DomainName(text: "consul.")
        let soa = try #require(publisher.table.records(at: apex)?.sets.first { $0.type == .soa })
        #expect(soa.serial == UInt32(Self.services) + 3)
        #expect(transfers.isWithheld(apex) && transfers.history(of: apex) == nil)
        let running = Task { await publisher.run() }
        defer { running.cancel() }
        #expect(try await eventually { !transfers.isWithheld(apex) })
        let whole = try #require(transfers.history(of: apex)?.version)
        #expect(whole.soa == soa)
        for number in 0..<Self.services {
            let owner = try DomainName(text: "s\(number).service.consul.")
            #expect(whole.sets.keys.contains(owner))
        }
    }

    @Test func `keeps no question over the network from its answer`() async throws {
        let held = try [Example.node()] + (0..<3000).map { try Example.instance("s\($0)", address: "10.0.0.7") }
        try await RunningServer.with(holding: held) { running in
            for number in stride(from: 2999, through: 0, by: -149) {
                let client = try UDPClient(to: "127.0.0.1", port: running.port, patience: .seconds(5))
                let reply = try #require(client.ask(try Queries.query("s\(number).service.consul", .srv)))
                #expect(reply[3] & 15 == 0 && reply[7] == 1)
            }
        }
    }
}

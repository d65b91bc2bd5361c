import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `The order of a service's instances` {
    private static let orders = ByService<AnswerOrder>(
        ["heavy": .weighted, "heavy-*": .weighted, "fixed": .stable], usual: .random)

    private static func catalog() throws -> [CatalogChange] {
        let heavy = Weights(passing: 9, warning: 1)
        return try [
            Example.node(),
            Example.instance("heavy", "a", tags: ["t"], address: "10.0.0.1", port: 1, weights: heavy),
            Example.instance("heavy", "b", tags: ["t"], address: "10.0.0.2", port: 2),
            Example.instance("heavy-ill", "c", address: "10.0.0.1", weights: heavy, health: [.warning]),
            Example.instance("heavy-ill", "d", address: "10.0.0.2", weights: heavy, health: [.passing]),
        ] + (1...5).map { try Example.instance("fixed", "i\($0)", address: "10.0.0.\(6 - $0)") }
    }

    struct Question: Sendable, CustomTestStringConvertible {
        var name: String
        var type: RecordType
        /// The last octet of the address, or of the port, that comes first more often.
        var favourite: UInt8
        var testDescription: String { "\(name) \(type.rawValue)" }
    }

    @Test(arguments: [
        Question(name: "heavy.service.consul", type: .a, favourite: 1),
        Question(name: "heavy.service.consul", type: .srv, favourite: 1),
        Question(name: "t.heavy.service.consul", type: .a, favourite: 1),
        // Worked out on the full path.
        Question(name: "t.t.heavy.service.consul", type: .a, favourite: 1),
        Question(name: "heavy-ill.service.consul", type: .a, favourite: 2),
    ])
    func `follows their weights, by their health, where that is set`(_ question: Question) async throws {
        try await RunningServer.with(Self.catalog(), orders: Self.orders) { running in
            let query = try Queries.query(question.name, question.type)
            let table = running.server.publisher.table
            let rounds = 3000
            var count = 0
            for _ in 0..<rounds {
                let reply = try #require(table.answer(query, over: .udp))
                // After the question: a pointer, type, class, TTL, length; then the data.
                let place = query.count + 12 + (question.type == .srv ? 5 : 3)
                if reply[place] == question.favourite { count += 1 }
            }
            // Nine of ten; by Hoeffding's bound it is off by 0.08 less than once in 10^16 times.
            #expect(abs(Double(count) / Double(rounds) - 0.9) < 0.08)
        }
    }

    @Test func `is a shuffle unless something is set, and the weights are in SRV all the same`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            let reply = try await running.dig("heavy.service.consul", "SRV")
            #expect(
                reply.answer.map { $0.split(separator: " ").dropFirst(4).prefix(3).joined(separator: " ") } == [
                    "1 1 2", "1 9 1",
                ])
            var first: Set<UInt8> = []
            let query = try Queries.query("fixed.service.consul", .a)
            // One of five is missed with a chance of less than 5 times 0.8^200, which is 10^-18.
            for _ in 0..<200 {
                first.insert(try #require(running.server.publisher.table.answer(query, over: .udp))[query.count + 15])
            }
            #expect(first == [1, 2, 3, 4, 5])
        }
    }

    @Test func `is by node and id where it is to be stable, over UDP and TCP`() async throws {
        try await RunningServer.with(Self.catalog(), orders: Self.orders) { running in
            let query = try Queries.query("fixed.service.consul", .a)
            let client = try UDPClient(to: "127.0.0.1", port: running.port)
            for _ in 0..<20 {
                let replies = [client.ask(query), running.server.publisher.table.answer(query, over: .tcp)]
                for reply in replies {
                    let reply = try #require(reply)
                    #expect((0..<5).map { reply[query.count + $0 * 16 + 15] } == [5, 4, 3, 2, 1])
                }
            }
        }
    }

    @Test func `adds the weights of instances that share an address`() throws {
        let zone = try RegistryZone(
            agent: Example.agent(), orders: ByService(["*": AnswerOrder.weighted], usual: .random))
        var state = CatalogState()
        for change in try [
            Example.node(), Example.instance("web", "a", port: 1, weights: Weights(passing: 3)),
            Example.instance("web", "b", port: 2, weights: Weights(passing: 4)),
            Example.instance("web", "c", address: "10.0.0.9", weights: Weights(passing: 5)),
            Example.instance("web", "d", address: "2001:db8::1", weights: Weights(passing: 6)),
        ] {
            _ = try state.apply(change, at: state.snapshot.index + 1)
        }
        let delta = CatalogDelta(index: state.snapshot.index, services: [try ServiceName("web")])
        let all = AnswerCompiler(zone: zone).publications(from: CatalogSnapshot(), to: state.snapshot, delta: delta)
        guard case .publish(let records) = all.first else { throw Missing() }
        #expect(records.sets.map(\.order) == [.weighted([3, 4, 5, 6]), .weighted([7, 5]), .weighted([6])])
    }

    struct Missing: Error {}
}

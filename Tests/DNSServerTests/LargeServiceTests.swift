import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `A service with very many instances` {
    private static func fill(_ ids: Range<Int>) throws -> [CatalogChange] {
        try ids.map { number in
            try Example.instance(
                "many", "i\(number)", tags: ["t\(number % 2)"], address: "10.1.\(number >> 8).\(number & 255)")
        }
    }

    @Test func `is published when changes pause, whole and in its tags`() async throws {
        let limit = AnswerPublisher.manyInstances
        try await RunningServer.with([Example.node()] + Self.fill(0..<limit + 1)) { running in
            let table = running.server.publisher.table
            func count(_ name: String) throws -> Int {
                try table.records(at: DomainName(text: name))?.sets.first { $0.type == .srv }?.rdata.count ?? 0
            }
            #expect(try count("many.service.consul") == limit + 1)
            try await running.registry.submit(Self.fill(limit + 1..<limit + 3))
            let deadline = ContinuousClock.now + .seconds(30)
            while try count("many.service.consul") < limit + 3, ContinuousClock.now < deadline { await Task.yield() }
            #expect(try count("many.service.consul") == limit + 3)
            #expect(try count("t0.many.service.consul") + count("t1.many.service.consul") == limit + 3)
            // A neighbour does not wait.
            try await running.registry.submit([Example.instance("few")])
            #expect(try count("few.service.consul") == 1)
            // Nor does the end.
            try await running.registry.submit([.removeNode(try NodeName("server01"))])
            #expect(try count("many.service.consul") == 0)
            #expect(try table.records(at: DomainName(text: "many.service.consul")) == nil)
        }
    }

    @Test func `can be filled one by one without publishing it anew each time`() throws {
        let publisher = AnswerPublisher(
            try RegistryZone(agent: Example.agent()), manyInstances: 10, logger: LogRecorder().logger)
        let name = try DomainName(text: "many.service.consul")
        var state = CatalogState()
        var published: Set<Int> = []
        for change in [try Example.node()] + (try Self.fill(0..<200)) {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            publisher.catalogDidChange(from: old, to: state.snapshot, delta: delta)
            published.insert(publisher.table.records(at: name)?.sets.first?.rdata.count ?? 0)
        }
        #expect(published == Set(0...11))
        publisher.publishGathered()
        #expect(publisher.table.records(at: name)?.sets.first?.rdata.count == 200)
    }
}

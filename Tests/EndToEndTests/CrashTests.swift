import Synchronization
import Testing

extension EndToEnd {
    @Suite struct `Acknowledged writes survive kill -9` {
        @Test func `thousands of registrations and deregistrations, the process killed four times`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    var ledger = Ledger()
                    for round in 0..<4 {
                        let acknowledged = Acknowledgements()
                        let (ports, enough) = (berth.ports, 700 + 100 * round)
                        try await withThrowingTaskGroup(of: Ledger.self) { group in
                            for writer in 0..<8 {
                                group.addTask {
                                    await Writer(round: round, number: writer, http: HTTP(port: ports.http))
                                        .write(counting: acknowledged)
                                }
                            }
                            try await retrying(for: .seconds(60)) {
                                let count = acknowledged.count.load(ordering: .relaxed)
                                try expectNow(count >= enough, "\(count) of \(enough) writes are acknowledged")
                            }
                            try await berth.kill()
                            for try await written in group { ledger.merge(written) }
                        }
                        try await berth.start()
                        try await ledger.verify(berth)
                    }
                    #expect(ledger.acknowledged >= 3000)
                }
            }
        }
    }
}

private final class Acknowledgements: Sendable {
    let count = Atomic(0)
}

/// What was written of each instance, and what the program said to it.
private struct Ledger: Sendable {
    enum Entry { case present, absent, unknown }

    private var entries: [Instance: Entry] = [:]
    private(set) var acknowledged = 0

    mutating func asked(for instance: Instance) {
        entries[instance] = .unknown
    }

    mutating func acknowledged(_ instance: Instance, _ entry: Entry) {
        entries[instance] = entry
        acknowledged += 1
    }

    mutating func merge(_ other: Ledger) {
        entries.merge(other.entries) { $1 }
        acknowledged += other.acknowledged
    }

    /// Holds the ledger against what the program has over HTTP, and that against what it answers over DNS.
    func verify(_ berth: Berth) async throws {
        let services = try await berth.http.get("/v1/agent/services").decoded(as: [String: AgentService].self)
        let kept = Set(services.values.map { Instance(id: $0.id, name: $0.name, port: $0.port) })
        let lost = entries.filter { $0.value == .present && !kept.contains($0.key) }.keys
        let undone = entries.filter { $0.value == .absent && kept.contains($0.key) }.keys
        let invented = kept.filter { entries[$0] == nil }
        #expect(lost.isEmpty, "registrations that were acknowledged and are gone")
        #expect(undone.isEmpty, "deregistrations that were acknowledged and are undone")
        #expect(invented.isEmpty, "instances that nobody registered")

        let answers = try await berth.dig.batch(Instance.names.map { "\($0).service.consul SRV" })
        let answered = Set(answers.filter { $0.type == "SRV" }.map { "\($0.owner) \($0.rdata[2])" })
        #expect(answered == Set(kept.map { "\($0.name).service.consul. \($0.port)" }))
    }
}

private struct Instance: Hashable, Sendable {
    static let names = (0..<50).map { "web-\($0)" }

    let id: String
    let name: String
    let port: Int
}

private struct AgentService: Decodable {
    let id: String
    let name: String
    let port: Int

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Service"
        case port = "Port"
    }
}

/// Registers instances one after another, and deregisters every fifth, until the program is gone.
private struct Writer: Sendable {
    let round: Int
    let number: Int
    let http: HTTP

    func write(counting acknowledgements: Acknowledgements) async -> Ledger {
        var ledger = Ledger()
        do {
            for count in 0..<1000 {
                let instance = Instance(
                    id: "\(round)-\(number)-\(count)", name: Instance.names[count % Instance.names.count],
                    port: 1000 + (round * 8 + number) * 1000 + count)
                ledger.asked(for: instance)
                let reply = try await http.put(
                    "/v1/agent/service/register",
                    #"{"id": "\#(instance.id)", "name": "\#(instance.name)", "port": \#(instance.port)}"#)
                try #require(reply.status == 200, "\(reply.body)")
                ledger.acknowledged(instance, .present)
                acknowledgements.count.add(1, ordering: .relaxed)
                guard count % 5 == 4 else { continue }
                ledger.asked(for: instance)
                let gone = try await http.put("/v1/agent/service/deregister/\(instance.id)")
                try #require(gone.status == 200, "\(gone.body)")
                ledger.acknowledged(instance, .absent)
                acknowledgements.count.add(1, ordering: .relaxed)
            }
        } catch {
            // The kill: what was asked last stays unknown. (A refusal has been recorded as the fault that it is.)
        }
        return ledger
    }
}

import DNS
import Foundation
import Logging
import Registry
import Testing
import ZoneFiles

@testable import DNSServer

@Suite struct `Static records inside the registry's domain` {
    private static let file = """
        $TTL 60
        www             A      192.0.2.1
        www             A      192.0.2.2
        mail            MX     10 www
        alias           CNAME  web.service
        web.service     A      192.0.2.80
        v1.web.service  A      192.0.2.81
        a.b.web.service A      192.0.2.82
        n2.node         A      192.0.2.83
        x.y.deep        TXT    "here"
        @               TXT    "apex"
        ns              A      192.0.2.99
        0a000001.addr   A      192.0.2.99
        www.dc1         A      192.0.2.99
        _x._y           A      192.0.2.99
        """

    private static let reserved: Set = [
        "consul.", "ns.consul.", "0a000001.addr.consul.", "www.dc1.consul.", "_x._y.consul.",
    ]

    private static func running(
        _ changes: [CatalogChange] = [], _ recorder: LogRecorder = LogRecorder(),
        body: @Sendable @escaping (RunningServer) async throws -> Void
    ) async throws {
        try await RunningServer.with(
            [Example.node()] + changes, zones: ["consul.zone": file], logger: recorder.logger, body: body)
    }

    private static func answer(_ name: String, _ running: RunningServer) async throws -> String {
        let reply = try await running.dig("\(name).consul", "A")
        return reply.answer.first?.split(separator: " ").last.map(String.init) ?? reply.status
    }

    private static func notices(_ recorder: LogRecorder, _ word: String) -> [String] {
        recorder.records.filter { $0.message.contains(word) }.map { $0.metadata["name"] ?? "" }
    }

    @Test func `are answered where nobody claims the name, beside what the registry has`() async throws {
        try await Self.running { running in
            let www = try await running.dig("www.consul", "A")
            #expect(www.answer == ["www.consul. 60 IN A 192.0.2.1", "www.consul. 60 IN A 192.0.2.2"])
            #expect(www.flags.contains("aa"))
            #expect(try await running.dig("www.dc1.consul", "A").answer.count == 2)
            #expect(try await running.dig("mail.consul", "MX").answer == ["mail.consul. 60 IN MX 10 www.consul."])
            let alias = try await running.dig("alias.consul", "A")
            #expect(
                alias.answer == [
                    "alias.consul. 60 IN CNAME web.service.consul.", "web.service.consul. 60 IN A 192.0.2.80",
                ])
            #expect(try await Self.answer("v1.web.service", running) == "192.0.2.81")
            #expect(try await Self.answer("_web._v1.service", running) == "192.0.2.81")
            #expect(try await Self.answer("n2.node", running) == "192.0.2.83")
            #expect(try await running.dig("y.deep.consul", "A").status == "NOERROR")
            #expect(try await running.dig("www.consul", "AAAA").authority.first?.contains("SOA") == true)
            #expect(try await Self.answer("x.www", running) == "NXDOMAIN")
            // What is not given.
            #expect(try await Self.answer("server01.node", running) == "10.0.0.1")
            #expect(try await Self.answer("ns", running) == "10.0.0.1")
            #expect(try await Self.answer("0a000001.addr", running) == "10.0.0.1")
            #expect(try await running.dig("consul", "TXT").answer.isEmpty)
        }
    }

    @Test func `give way to services and nodes, and come back when those go`() async throws {
        let recorder = LogRecorder()
        try await Self.running([], recorder) { running in
            let node = try NodeName("server01")
            let names = ["web.service", "v1.web.service", "a.b.web.service", "n2.node"]
            #expect(Set(Self.notices(recorder, "reserved")) == Self.reserved)
            try await running.registry.submit([
                Example.node("n2", "10.0.0.2"),
                Example.instance("web", tags: ["v1", "b", "a"], address: "10.0.0.10", health: [.passing]),
            ])
            for name in names {
                #expect(try await Self.answer(name, running).hasPrefix("10.0.0."), "\(name)")
            }
            #expect(Set(Self.notices(recorder, "give way")) == Set(names.map { "\($0).consul." }))
            #expect(recorder.records.filter { $0.message.contains("give way") }.count == 4)
            let first = recorder.records.first { $0.metadata["name"] == "web.service.consul." }
            #expect(first?.metadata["line"] == "6")
            #expect(first?.metadata["file"]?.hasSuffix("/consul.zone") == true)
            #expect(first?.level == .warning)

            // A service that is down still has its name; and a clash is told once.
            try await running.registry.submit([
                .setStatus(CheckKey(node: node, id: "web-0"), .critical, output: "down")
            ])
            #expect(try await running.dig("web.service.consul", "A").answer.isEmpty)
            #expect(try await running.dig("a.b.web.service.consul", "A").answer.isEmpty)
            running.server.reloadZones()
            #expect(recorder.records.filter { $0.message.contains("give way") }.count == 4)
            #expect(recorder.records.filter { $0.message.contains("reserved") }.count == Self.reserved.count)

            try await running.registry.submit([
                .removeInstance(InstanceKey(node: node, id: "web")), .removeNode(try NodeName("n2")),
            ])
            for (name, address) in zip(names, ["192.0.2.80", "192.0.2.81", "192.0.2.82", "192.0.2.83"]) {
                #expect(try await Self.answer(name, running) == address)
            }
            #expect(Set(Self.notices(recorder, "are back")) == Set(names.map { "\($0).consul." }))
        }
    }

    @Test func `are there only as far as the registry leaves room, when it was first`() async throws {
        let recorder = LogRecorder()
        let web = try Example.instance("web", tags: ["v1"], address: "10.0.0.10")
        try await RunningServer.with([Example.node(), web], logger: recorder.logger) { running in
            try Data(Self.file.utf8).write(to: running.zones.appending(path: "consul.zone"))
            running.server.reloadZones()
            #expect(Set(Self.notices(recorder, "give way")) == ["web.service.consul.", "v1.web.service.consul."])
            #expect(try await Self.answer("web.service", running) == "10.0.0.10")
            #expect(try await Self.answer("a.b.web.service", running) == "192.0.2.82")
            try FileManager.default.removeItem(at: running.zones.appending(path: "consul.zone"))
            running.server.reloadZones()
            #expect(try await Self.answer("web.service", running) == "10.0.0.10")
            #expect(try await Self.answer("a.b.web.service", running) == "NXDOMAIN")
            #expect(try await Self.answer("www", running) == "NXDOMAIN")
        }
    }

    @Test func `follow their file, and stay while it has a mistake`() async throws {
        let recorder = LogRecorder()
        try await Self.running([], recorder) { running in
            let path = running.zones.appending(path: "consul.zone")
            try Data("www 60 A 192.0.2.7\n".utf8).write(to: path)
            running.server.reloadZones()
            #expect(try await Self.answer("www", running) == "192.0.2.7")
            #expect(try await Self.answer("n2.node", running) == "NXDOMAIN")
            try Data("@ SOA ns hostmaster 1 2 3 4 5\n".utf8).write(to: path)
            let errors = running.server.reloadZones()
            #expect(errors.map(\.keepsZone) == [true])
            #expect(try await Self.answer("www", running) == "192.0.2.7")
        }
    }
}

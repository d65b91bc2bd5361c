import Foundation
import Testing

extension EndToEnd {
    @Suite struct `Other name servers as secondaries` {
        private static let secret = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
        private static let signature = ["-y", "hmac-sha256:secondary:\(secret)"]

        @Test(arguments: [false, true])
        func `NSD and Knot follow the registry and answer the same`(signed: Bool) async throws {
            try await withPrimary(signed: signed) { berth, ports in
                try await register(berth, "web", "w1", "10.0.0.1", 8001, tags: ["v1"])
                // Has SRV records and an alias, of which a zone can have only one.
                try await register(berth, "outside", "o1", "host.example.net", 8001, tags: ["v1"])
                try await Secondary.run(
                    on: ports, in: berth.directory, key: signed ? Self.secret : nil, primary: berth.ports.dns
                ) { secondaries in
                    try await agree(berth, secondaries, instances: ["10.0.0.1:8001"])

                    // A change is told, and comes as a difference.
                    try await register(berth, "web", "w2", "10.0.0.2", 8002, tags: ["v1", "v2"])
                    try await agree(berth, secondaries, instances: ["10.0.0.1:8001", "10.0.0.2:8002"])

                    // Many changes in a row.
                    for number in 3...200 {
                        try await register(berth, "web\(number)", "i\(number)", "10.0.1.\(number)", 80, tags: [])
                    }
                    _ = try await berth.http.put("/v1/agent/service/deregister/w1")
                    try await agree(berth, secondaries, instances: ["10.0.0.2:8002"])
                    for secondary in secondaries where secondary.program == .knot {
                        let log = try secondary.log
                        #expect(log.contains("IXFR, incoming") && !log.contains("fallback"), "\(log)")
                    }

                    // The zones record for record, and then the same names in every spelling.
                    for secondary in secondaries {
                        for zone in ["consul", "lab.example"] {
                            try await compare(zone, berth, secondary, signed ? Self.signature : [])
                        }
                        if !signed { try await compare(berth, secondary) }
                    }

                    // Berth is killed and comes back: what it answers then, they do.
                    try await berth.kill()
                    try await berth.start()
                    try await register(berth, "web", "w3", "10.0.0.3", 8003, tags: ["v3"])
                    try await agree(berth, secondaries, instances: ["10.0.0.2:8002", "10.0.0.3:8003"])
                    for secondary in secondaries {
                        try await compare("consul", berth, secondary, signed ? Self.signature : [])
                    }
                }
            }
        }

        @Test func `NSD and Knot with another secret get nothing, and the log says why`() async throws {
            try await withPrimary(signed: true) { berth, ports in
                try await register(berth, "web", "w1", "10.0.0.1", 8001, tags: [])
                let other = Data("another secret, as long as the one".utf8).base64EncodedString()
                try await Secondary.run(on: ports, in: berth.directory, key: other, primary: berth.ports.dns) {
                    secondaries in
                    try await retrying(for: .seconds(30)) {
                        let output = try berth.output
                        try expectNow(
                            output.contains("zone transfer refused") && output.contains("the signature does not hold"),
                            "the log is\n\(output)")
                    }
                    for secondary in secondaries {
                        try await retrying(for: .seconds(20)) {
                            let answer = try await secondary.dig("web.service.consul", "SRV")
                            try expectNow(answer.status == "SERVFAIL", "\(secondary.program): \(answer.text)")
                        }
                    }
                    #expect(try !berth.output.contains(Self.secret))
                }
            }
        }

        /// Runs Berth with a zone file, beside which secondaries may run on two ports.
        private func withPrimary(
            signed: Bool, _ body: (Berth, [Secondary.Program: Int]) async throws -> Void
        ) async throws {
            try await withTemporaryDirectory { directory in
                let ports = [
                    Secondary.Program.nsd: try await freePort(), Secondary.Program.knot: try await freePort(),
                ]
                let zones = directory.appending(path: "zones")
                try FileManager.default.createDirectory(at: zones, withIntermediateDirectories: true)
                try zones.appending(path: "lab.example.zone").write(Self.zoneFile)
                let suffix = signed ? ",secondary" : ""
                // The secondaries know one port, also after a restart.
                var arguments = ["--dns-port", "\(try await freePort())", "--transfer-to", "127.0.0.1\(suffix)"]
                for port in ports.values { arguments += ["--notify", "127.0.0.1:\(port)\(suffix)"] }
                if signed {
                    try directory.appending(path: "keys").write(
                        "key \"secondary\" { algorithm hmac-sha256; secret \"\(Self.secret)\"; };\n")
                    arguments += ["--tsig-key", "keys"]
                }
                try await Berth.run(in: directory, arguments) { try await body($0, ports) }
            }
        }

        private static let zoneFile = """
            $TTL 300
            @        SOA    ns hostmaster 7 3600 600 86400 60
            @        NS     ns
            ns       A      192.0.2.1
            *.w      A      192.0.2.2
            sub      NS     ns.sub
            ns.sub   A      192.0.2.3
            old      DNAME  new.example.
            srv      SRV    1 2 80 ns
            txt      TXT    "two" "texts; with a semicolon"
            odd      TYPE65280 \\# 3 010203
            """

        private func register(
            _ berth: Berth, _ name: String, _ id: String, _ address: String, _ port: Int, tags: [String]
        ) async throws {
            let list = tags.map { "\"\($0)\"" }.joined(separator: ",")
            let reply = try await berth.http.put(
                "/v1/agent/service/register",
                #"{"ID":"\#(id)","Name":"\#(name)","Address":"\#(address)","Port":\#(port),"Tags":[\#(list)]}"#)
            try expectNow(reply.status == 200, "refused: \(reply.body)")
        }

        /// Waits until every server gives these instances.
        private func agree(_ berth: Berth, _ secondaries: [Secondary], instances: Set<String>) async throws {
            #expect(try await berth.dig("web.service.consul", "SRV").endpoints == instances)
            for secondary in secondaries {
                try await retrying(for: .seconds(30)) {
                    let answer = try await secondary.dig("web.service.consul", "SRV")
                    try expectNow(answer.endpoints == instances, "\(secondary.program) has \(answer.text)")
                }
            }
        }

        /// Waits until a secondary has a zone as Berth has it.
        private func compare(
            _ zone: String, _ berth: Berth, _ secondary: Secondary, _ signature: [String]
        ) async throws {
            try await retrying(for: .seconds(30)) {
                let own = try await Secondary.records(of: zone, at: berth.ports.dns, signature)
                let other = try await Secondary.records(of: zone, at: secondary.port)
                try expectNow(own.count > 5, "Berth gives \(own)")
                let difference = own.symmetricDifference(other).sorted()
                try expectNow(difference.isEmpty, "\(secondary.program) differs in \(difference)")
            }
        }

        private func compare(_ berth: Berth, _ secondary: Secondary) async throws {
            let names = [
                "consul", "ns.consul", "service.consul", "node.consul", "dc1.consul", "service.dc1.consul",
                "web.service.consul", "WEB.service.consul", "web.service.dc1.consul", "_web._tcp.service.consul",
                "_web._tcp.service.dc1.consul", "v2.web.service.consul", "_web._v2.service.consul",
                "v1.web.service.dc1.consul", "web100.service.consul", "_tcp.service.consul", "server01.node.consul",
                "server01.node.dc1.consul", "0a000002.addr.dc1.consul", "0a000002.addr.consul", "addr.dc1.consul",
                "nothing.service.consul", "x.web.service.consul", "nothing.consul", "a.w.lab.example",
                "srv.lab.example", "txt.lab.example", "odd.lab.example", "nothing.lab.example", "host.sub.lab.example",
            ]
            for name in names {
                for type in ["A", "AAAA", "SRV", "SOA", "NS"]
                    + (name.hasSuffix("lab.example") ? ["TXT", "TYPE65280"] : [])
                {
                    let own = try await berth.dig(name, type)
                    let other = try await secondary.dig(name, type)
                    #expect(own.status == other.status, "\(secondary.program): \(name) \(type)\n\(other.text)")
                    #expect(
                        data(own, type) == data(other, type), "\(secondary.program): \(name) \(type)\n\(other.text)")
                    guard type == "SRV" else { continue }
                    #expect(own.endpoints == other.endpoints, "\(secondary.program): \(name)\n\(other.text)")
                }
            }
        }

        /// What the answer comes to, behind whatever aliases.
        private func data(_ answer: DigAnswer, _ type: String) -> Set<[String]> {
            Set(answer.answer.filter { $0.type == type }.map { $0.rdata.map { $0.lowercased() } })
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    /// Resolvers that send one domain to Berth, configured as docs/resolver.md says.
    @Suite struct `Resolvers that forward to Berth` {
        @Test func `unbound, which validates everything else, finds services`() async throws {
            try await withService { berth, directory in
                let port = try await freePort()
                let own = """
                    server:
                        interface: 127.0.0.1@\(port)
                        directory: "\(directory.path)"
                        chroot: ""
                        username: ""
                        pidfile: ""
                        use-syslog: no
                        module-config: "validator iterator"
                        trust-anchor: ". DS 20326 8 2 \
                    E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
                    """
                let file = directory.appending(path: "unbound.conf")
                let settings = try documented("unbound").replacing("@8600", with: "@\(berth.ports.dns)")
                try Data("\(own)\n\(settings)".utf8).write(to: file)
                try await expectService(through: "/usr/sbin/unbound", ["-d", "-c", file.path], port, directory)
            }
        }

        @Test func `dnsmasq finds services`() async throws {
            try await withService { berth, directory in
                let port = try await freePort()
                let file = directory.appending(path: "dnsmasq.conf")
                let settings = try documented("dnsmasq").replacing("#8600", with: "#\(berth.ports.dns)")
                try Data(settings.utf8).write(to: file)
                let arguments = [
                    "--keep-in-foreground", "--conf-file=\(file.path)", "--port=\(port)", "--listen-address=127.0.0.1",
                    "--bind-interfaces", "--no-resolv", "--no-hosts", "--pid-file=", "--user=root",
                ]
                try await expectService(through: "/usr/sbin/dnsmasq", arguments, port, directory)
            }
        }

        /// Runs `body` beside a Berth with the service `web`.
        private func withService(_ body: (Berth, URL) async throws -> Void) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let url = "http://127.0.0.1:\(berth.ports.http)/v1/agent/service/register"
                    let services = [
                        #"{"Name": "web", "Address": "10.0.0.7", "Port": 80}"#,
                        #"{"Name": "named", "Address": "web.service.consul", "Port": 81}"#,
                    ]
                    for service in services {
                        _ = try await Tool.curl("--silent", "--fail", "-X", "PUT", "-d", service, url)
                    }
                    try await body(berth, directory)
                }
            }
        }

        private func expectService(
            through program: String, _ arguments: [String], _ port: Int, _ directory: URL
        ) async throws {
            let process = try BackgroundProcess(
                URL(filePath: program), arguments, in: directory, log: directory.appending(path: "resolver.log"))
            let dig = Dig(port: port)
            do {
                try await retrying(for: .seconds(20)) {
                    let answer = try await dig("web.service.consul", "A")
                    try expectNow(answer.answer.map(\.rdata) == [["10.0.0.7"]], answer.text)
                }
                let instances = try await dig("web.service.consul", "SRV")
                #expect(instances.answer.map { Array($0.rdata.dropFirst(2)) } == [["80", "0a000007.addr.dc1.consul."]])
                // What is remembered of the addresses must not hide the rest.
                for type in ["A", "SRV", "A", "SRV"] {
                    let named = try await dig("named.service.consul", type)
                    let expected = type == "A" ? ["10.0.0.7"] : ["1", "1", "81", "web.service.consul."]
                    #expect(named.answer.map(\.rdata) == [expected])
                }
                let missing = try await dig("nx.service.consul", "A")
                #expect(missing.status == "NXDOMAIN")
                let between = try await dig("service.consul", "A")
                #expect(between.status == "NOERROR")
                try await process.end()
            } catch {
                try await process.end()
                throw error
            }
        }

        /// The block of docs/resolver.md that is marked with a program's name.
        private func documented(_ program: String) throws -> String {
            let document = URL(filePath: #filePath).appending(path: "../../../docs/resolver.md").standardized
            let parts = try document.text().components(separatedBy: "```\(program)\n")
            return try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
        }
    }
}

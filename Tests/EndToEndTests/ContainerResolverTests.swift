import DNS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Containers started with `--dns`, whose programs resolve names as any program does: by getaddrinfo(3) of the C
    /// library, and by busybox's own resolver.
    @Suite struct `Programs in containers that resolve through Berth` {
        private static let advertised = "127.10.97.181"

        @Test func `find services and everything else, with search lists as without`() async throws {
            let upstream = try await FakeRecursor { question in
                switch (question.name.description, question.type) {
                case ("www.example.org.", .a):
                    .answer([FakeRecursor.Record("www.example.org", .a, 60, [192, 0, 2, 80])])
                case ("www.example.org.", _): .code(0)
                default: .code(3)
                }
            }
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    try await WebContainers(engine: engine).makeImage("web")
                    let network = try await Network(engine, "apps")
                    let arguments = [
                        "--listen", "0.0.0.0", "--dns-port", "53", "--docker", engine.url, "--advertise",
                        Self.advertised, "--recursor", "\(upstream.server)",
                    ]
                    try await Berth.run(in: directory, arguments) { berth in
                        try await WebContainers(engine: engine).runPublished("web")
                        try await retrying(for: .seconds(20)) {
                            let answer = try await berth.dig("web.service.consul", "A")
                            try expectNow(answer.answer.count == 1, answer.text)
                        }
                        try await expectAnswers(network, upstream)
                    }
                }
            }
        }

        private func expectAnswers(_ network: Network, _ upstream: FakeRecursor) async throws {
            // With one dot or none a name is tried as it is first, else after the search list (resolv.conf(5)).
            for ndots in ["1", "3"] {
                let options = ["--dns-search", "service.consul", "--dns-opt", "ndots:\(ndots)"]
                let full = try await network.addresses(of: "web.service.consul", options)
                #expect(full == [Self.advertised])
                let short = try await network.addresses(of: "web", options)
                #expect(short == [Self.advertised])
                let other = try await network.addresses(of: "www.example.org", options)
                #expect(other == ["192.0.2.80"])
                let missing = try await network.addresses(of: "nx.example.org", options)
                #expect(missing.isEmpty)
            }
            // What the search list makes of a name lies in the registry's zone, and stays here.
            let consul = try DomainName(text: "consul")
            #expect(!upstream.asked.contains { $0.name.isSubdomain(of: consul) })
            let own = try await network.busyboxLookup("web.service.consul")
            #expect(own.contains(Self.advertised), "\(own)")
            let other = try await network.busyboxLookup("www.example.org")
            #expect(other.contains("192.0.2.80"), "\(other)")

            // A bridge that is not Docker's by its name may be anybody's: its clients get our names alone.
            let bridge = try await Network(network.engine)
            let theirs = try await bridge.addresses(of: "web.service.consul")
            #expect(theirs == [Self.advertised])
            let refused = try await bridge.addresses(of: "www.example.org")
            #expect(refused.isEmpty)
        }
    }
}

/// A Docker network whose containers have the host, at the network's gateway, for their name server.
private struct Network {
    let engine: DockerEngine
    private let name: String
    private let gateway: String

    /// The engine's default network.
    init(_ engine: DockerEngine) async throws {
        self.engine = engine
        name = "bridge"
        gateway = try await Self.gateway(engine, name)
    }

    /// A new network, on a bridge named for its ID.
    init(_ engine: DockerEngine, _ name: String) async throws {
        self.engine = engine
        self.name = name
        try await engine.docker("network", "create", name)
        gateway = try await Self.gateway(engine, name)
    }

    private static func gateway(_ engine: DockerEngine, _ name: String) async throws -> String {
        let format = "{{(index .IPAM.Config 0).Gateway}}"
        return try await engine.docker("network", "inspect", "--format", format, name)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What the host's C library finds in a container; nothing if it finds nothing.
    func addresses(of host: String, _ options: [String] = []) async throws -> [String] {
        let library = ["/usr", "/lib", "/lib64"].flatMap { ["--volume", "\($0):\($0):ro"] }
        let output = try await run(library + options, "/usr/bin/getent ahostsv4 \(host) || [ $? = 2 ]")
        return Set(output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
            .sorted()
    }

    func busyboxLookup(_ host: String) async throws -> String {
        try await run([], "busybox nslookup -type=a \(host) || true")
    }

    private func run(_ options: [String], _ command: String) async throws -> String {
        try await engine.docker(
            ["run", "--rm", "--network", name, "--dns", gateway] + options + ["web", "sh", "-c", command])
    }
}

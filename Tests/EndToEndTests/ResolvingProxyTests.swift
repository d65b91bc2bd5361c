import Foundation
import Testing

extension EndToEnd {
    @Suite struct `Proxies that resolve names by themselves` {
        /// Loopback addresses that web servers of the same port listen on.
        private static let backends = ["127.0.0.11", "127.0.0.12", "127.0.0.13"]

        @Test func `nginx follows a service by its resolver, without a reload`() async throws {
            try await withBackends { berth, backend in
                let front = try await freePort()
                let http = """
                        resolver 127.0.0.1:\(berth.ports.dns) valid=1s ipv6=off;
                        server {
                            listen 127.0.0.1:\(front);
                            set $service web.service.consul:\(backend);
                            location / { proxy_pass http://$service; proxy_connect_timeout 2s; }
                        }
                    """
                try await run(Nginx.configuration(http: http), in: berth.directory.appending(path: "front")) {
                    try await follows(berth, front, backend)
                }
            }
        }

        @Test func `HAProxy follows a service by SRV, with a server template`() async throws {
            _ = try await Tool.haproxy("-v")
            try await withBackends { berth, backend in
                let front = try await freePort()
                let file = berth.directory.appending(path: "haproxy.cfg")
                try file.write(
                    """
                    defaults
                        mode http
                        timeout connect 2s
                        timeout client 5s
                        timeout server 5s
                    resolvers berth
                        nameserver berth 127.0.0.1:\(berth.ports.dns)
                        accepted_payload_size 4096
                        timeout resolve 200ms
                        timeout retry 200ms
                        hold valid 200ms
                        hold obsolete 200ms
                    frontend front
                        bind 127.0.0.1:\(front)
                        default_backend web
                    backend web
                        balance roundrobin
                        server-template web 5 _web._tcp.service.consul resolvers berth init-addr none check inter 200ms

                    """)
                let haproxy = try BackgroundProcess(
                    URL(filePath: "/usr/bin/env"), ["haproxy", "-db", "-f", file.path], in: berth.directory,
                    log: berth.directory.appending(path: "haproxy.log"))
                do {
                    try await follows(berth, front, backend)
                    try await haproxy.end()
                } catch {
                    print("HAProxy said:\n" + (try haproxy.log.text()))
                    try await haproxy.end()
                    throw error
                }
            }
        }

        /// Instances come and go; what the proxy's clients get must follow.
        private func follows(_ berth: Berth, _ front: Int, _ backend: Int) async throws {
            try await register(berth, Self.backends[0], backend)
            try await servedBy([Self.backends[0]], front)
            try await register(berth, Self.backends[1], backend)
            try await register(berth, Self.backends[2], backend)
            try await servedBy(Self.backends, front)
            #expect(try await berth.http.put("/v1/agent/service/deregister/\(Self.backends[0])").status == 200)
            try await servedBy(Array(Self.backends[1...]), front)
            // Berth away for a moment, and back: nobody loses a backend by that.
            try await berth.kill()
            try await berth.start()
            try await servedBy(Array(Self.backends[1...]), front)
        }

        /// Waits until every one of these backends answers through the proxy, and nobody else does in a hundred requests.
        private func servedBy(_ addresses: [String], _ front: Int) async throws {
            try await retrying(for: .seconds(20)) {
                var seen: Set<String> = []
                for _ in 0..<100 {
                    let reply = try await Tool.curl(
                        "--silent", "--max-time", "5", "--write-out", " %{http_code}", "http://127.0.0.1:\(front)/")
                    try expectNow(reply.out.hasSuffix(" 200"), "the proxy says \(reply.text)")
                    seen.insert(String(reply.out.dropLast(4)))
                }
                try expectNow(seen == Set(addresses), "\(seen.sorted()) answer")
            }
        }

        private func register(_ berth: Berth, _ address: String, _ port: Int) async throws {
            let body = #"{"id": "\#(address)", "name": "web", "address": "\#(address)", "port": \#(port)}"#
            #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
        }

        /// Runs Berth, on ports that it has after a restart too, and one web server on each address that says which.
        private func withBackends(_ body: (Berth, Int) async throws -> Void) async throws {
            try await withTemporaryDirectory { directory in
                let port = try await freePort()
                let servers = Self.backends.map {
                    "    server { listen \($0):\(port); location / { return 200 \"\($0)\"; } }"
                }.joined(separator: "\n")
                let ports = ["--dns-port", "\(try await freePort())", "--http-port", "\(try await freePort())"]
                try await run(Nginx.configuration(http: servers), in: directory.appending(path: "backends")) {
                    try await Berth.run(in: directory, ports) { berth in try await body(berth, port) }
                }
            }
        }

        private func run(_ configuration: String, in directory: URL, _ body: () async throws -> Void) async throws {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try directory.appending(path: Nginx.name).write(configuration)
            try await Nginx.run(in: directory) { _ in try await body() }
        }
    }
}

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct `A full disk` {
        @Test func `writes are refused with 507, reads and DNS go on, and space heals it without a restart`()
            async throws
        {
            try await withTemporaryDirectory { directory in
                try await withSmallDisk(at: directory.appending(path: "data")) { disk in
                    let ballast = disk.appending(path: "ballast")
                    try Data(count: 3 << 20).write(to: ballast)
                    try await Berth.run(in: directory, []) { berth in
                        var acknowledged: Set<Int> = []
                        func register(_ port: Int) async throws -> Int {
                            let body = #"{"id": "\#(port)", "name": "web", "port": \#(port)}"#
                            let status = try await berth.http.put("/v1/agent/service/register", body).status
                            if status == 200 { acknowledged.insert(port) }
                            return status
                        }

                        var port = 1
                        while try await register(port) == 200, port < 20_000 { port += 1 }
                        for refused in port..<port + 10 {
                            #expect(try await register(refused) == 507)
                        }
                        let body = #"{"name": "web", "port": 60000}"#
                        let reply = try await berth.http.put("/v1/agent/service/register", body)
                        #expect(!reply.body.isEmpty, "507 without a reason")
                        #expect(Set(try await berth.http.instances(of: "web").map(\.port)) == acknowledged)
                        #expect(try await portsInDNS(berth) == acknowledged)

                        try FileManager.default.removeItem(at: ballast)
                        try await retrying(for: .seconds(20)) {
                            let status = try await register(50_000)
                            try expectNow(status == 200, "still refused with \(status)")
                        }
                        #expect(Set(try await berth.http.instances(of: "web").map(\.port)) == acknowledged)

                        try await berth.kill()
                        try await berth.start()
                        #expect(Set(try await berth.http.instances(of: "web").map(\.port)) == acknowledged)
                        #expect(try await portsInDNS(berth) == acknowledged)
                    }
                }
            }
        }

        @Test func `a file size limit refuses writes with 507, and heals without a restart`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    func register(_ port: Int) async throws -> Int {
                        let body = #"{"id": "\#(port)", "name": "web", "port": \#(port)}"#
                        return try await berth.http.put("/v1/agent/service/register", body).status
                    }
                    try await limitFileSize(of: berth, to: "262144")
                    var port = 1
                    while try await register(port) == 200, port < 20_000 { port += 1 }
                    #expect(try await register(port) == 507)
                    #expect(try await portsInDNS(berth) == Set(1..<port))

                    try await limitFileSize(of: berth, to: "unlimited")
                    try await retrying(for: .seconds(20)) {
                        let status = try await register(port)
                        try expectNow(status == 200, "still refused with \(status)")
                    }
                    try await berth.kill()
                    try await berth.start()
                    #expect(try await portsInDNS(berth) == Set(1...port))
                }
            }
        }

        /// What `ulimit -f` sets, for a process that runs already: nothing else in the system is limited by it.
        private func limitFileSize(of berth: Berth, to octets: String) async throws {
            let limited = try await Tool.prlimit("--pid", "\(berth.processID)", "--fsize=\(octets):unlimited")
            try #require(limited.status == 0, "\(limited.text)")
        }

        private func portsInDNS(_ berth: Berth) async throws -> Set<Int> {
            let answers = try await berth.dig.batch(["web.service.consul SRV"])
            return Set(answers.compactMap { $0.type == "SRV" ? Int($0.rdata[2]) : nil })
        }

        /// Mounts a disk of 4 MiB, and takes it away however `body` ends.
        private func withSmallDisk(at path: URL, _ body: (URL) async throws -> Void) async throws {
            try #require(geteuid() == 0, "mounting a small disk takes root: run the tests as root")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            let mounted = try await Tool.mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", path.path)
            try #require(mounted.status == 0, "\(mounted.text)")
            do {
                try await body(path)
                _ = try await Tool.umount("--lazy", path.path)
            } catch {
                _ = try await Tool.umount("--lazy", path.path)
                throw error
            }
        }
    }
}

import Foundation
import Glibc

/// A real Prometheus in a folder of its own.
final class Prometheus {
    let port: Int
    private let process: BackgroundProcess

    private init(port: Int, in directory: URL) throws {
        self.port = port
        process = try BackgroundProcess(
            URL(filePath: "/usr/bin/env"),
            [
                "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=prometheus",
                "--web.listen-address=127.0.0.1:\(port)",
            ], in: directory, log: directory.appending(path: "prometheus.log"))
    }

    /// Whether it can discover what to scrape by Consul's API.
    static func findsByConsul() async throws -> Bool {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "prometheus.yml")
            try file.write(
                """
                scrape_configs:
                  - job_name: discovered
                    consul_sd_configs: [{server: "127.0.0.1:8500"}]

                """)
            return try await Tool.promtool("check", "config", file.path).status == 0
        }
    }

    /// Runs Prometheus, and ends it however `body` ends.
    static func run<Result>(
        in directory: URL, configuration: String, _ body: (Prometheus) async throws -> Result
    ) async throws -> Result {
        // Names the package where there is no Prometheus.
        _ = try await Tool.prometheus("--version")
        try directory.appending(path: "prometheus.yml").write(configuration)
        let prometheus = try Prometheus(port: try await freePort(), in: directory)
        do {
            let result = try await body(prometheus)
            try await prometheus.process.end()
            return result
        } catch {
            print("Prometheus said:\n" + (try prometheus.process.log.text()))
            try await prometheus.process.end()
            throw error
        }
    }

    /// What a query finds: each result's labels and value.
    func query(_ expression: String) async throws -> [(labels: [String: String], value: String)] {
        struct Reply: Decodable {
            struct Data: Decodable { let result: [Result] }
            struct Result: Decodable {
                let metric: [String: String]
                let value: [Value]
            }
            /// A time, or the value as text.
            enum Value: Decodable {
                case time(Double)
                case text(String)

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let time = try? container.decode(Double.self) {
                        self = .time(time)
                    } else {
                        self = .text(try container.decode(String.self))
                    }
                }
            }
            let data: Data
        }
        let escaped = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? expression
        let reply = try await HTTP(port: port).get("/api/v1/query?query=\(escaped)")
        try expectNow(reply.status == 200, "Prometheus answers \(reply.status): \(reply.body)")
        return try reply.decoded(as: Reply.self).data.result.map { result in
            guard case .text(let value) = result.value.last else { return (result.metric, "") }
            return (result.metric, value)
        }
    }
}

import Foundation
import Glibc

/// A real nginx in a folder of its own, whose whole configuration is one file that Berth may swap.
final class Nginx {
    static let name = "nginx.conf"

    let directory: URL
    private let process: BackgroundProcess

    /// How Berth makes it check a staged file, and take a swapped one.
    static func check(in directory: URL) -> String { "nginx -t -p \(directory.path) -c {}" }
    static func reload(in directory: URL) -> String { "nginx -p \(directory.path) -c \(name) -s reload" }

    private init(in directory: URL) throws {
        self.directory = directory
        process = try BackgroundProcess(
            URL(filePath: "/usr/bin/env"), ["nginx", "-p", directory.path, "-c", Self.name, "-g", "daemon off;"],
            in: directory, log: directory.appending(path: "nginx.log"))
    }

    /// Runs nginx with the configuration that lies in `directory`, and ends it however `body` ends.
    static func run<Result>(in directory: URL, _ body: (Nginx) async throws -> Result) async throws -> Result {
        // Names the package where there is no nginx.
        _ = try await Tool.nginx("-v")
        let nginx = try Nginx(in: directory)
        do {
            try await retrying(for: .seconds(20)) {
                try expectNow(nginx.process.isRunning, "nginx ended: \(nginx.process.log.text())")
                let pid = try directory.appending(path: "nginx.pid").text()
                try expectNow(!pid.isEmpty, "nginx has no pid yet")
            }
            let result = try await body(nginx)
            try await nginx.stop()
            return result
        } catch {
            try await nginx.stop()
            throw error
        }
    }

    private func stop() async throws {
        process.send(SIGTERM)
        _ = try await process.status(within: .seconds(10))
    }

    /// What the access log, in the format of ``configuration(body:)``, says of each request that carried a number.
    var requests: [String: (status: String, upstreams: [String])] {
        get throws {
            let lines = try directory.appending(path: "access.log").text().split(separator: "\n")
            return Dictionary(
                lines.compactMap { line in
                    let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                    guard fields.count == 3 else { return nil }
                    return (fields[0], (fields[1], fields[2].split(separator: ", ").map(String.init)))
                }, uniquingKeysWith: { _, last in last })
        }
    }

    /// A whole configuration around the contents of its `http` block.
    static func configuration(http: String) -> String {
        """
        worker_processes 2;
        pid nginx.pid;
        error_log error.log notice;
        events {}
        http {
            log_format numbered '$http_x_number|$status|$upstream_addr';
            access_log access.log numbered;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
        \(http)
        }

        """
    }
}

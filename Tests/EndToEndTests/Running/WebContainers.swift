import TestSupport

/// Containers with a small web server that answers its own name, and the truth about which of them run.
struct WebContainers {
    /// Where a host's published ports are reached in these tests: loopback, but no address that is a default.
    static let advertised = "127.10.97.181"

    let engine: DockerEngine

    /// Makes the image `name`. Its server listens on `$PORT`, or 80, and ends at once when told to stop.
    func makeImage(_ name: String, exposing port: Int? = nil) async throws {
        let serve =
            #"CMD busybox mkdir -p /www; echo "$WHO" > /www/index.html; busybox httpd -p "${PORT:-80}" -h /www; "#
            + #"trap 'exit 0' TERM; busybox sleep 1000000 & wait"#
        try await engine.makeImage(name, [serve] + (port.map { ["EXPOSE \($0)"] } ?? []))
    }

    /// Starts a container that publishes its port 80 on a port that Docker picks.
    func runPublished(_ name: String, _ options: [String] = []) async throws {
        try await engine.docker(
            ["run", "--detach", "--name", name, "--env", "WHO=\(name)", "--expose", "80", "--publish-all"] + options + [
                "web"
            ])
    }

    /// Starts a container on the host's own network, so that its server needs no dockerd to be reached.
    func runOnHost(_ name: String, port: Int, _ options: [String] = []) async throws {
        try await engine.docker(
            [
                "run", "--detach", "--name", name, "--env", "WHO=\(name)", "--network", "host", "--expose", "\(port)",
                "--env", "PORT=\(port)", "--label", "test.port=\(port)",
            ] + options + ["web"])
    }

    /// The endpoints of the containers that run, by container name, as `docker ps` tells.
    func endpoints() async throws -> [String: String] {
        let lines = try await engine.docker("ps", "--format", #"{{.Names}}|{{.Label "test.port"}}|{{.Ports}}"#)
        return Dictionary(
            uniqueKeysWithValues: lines.split(separator: "\n").compactMap { line in
                let fields = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
                let published = fields[2].firstMatch(of: /0\.0\.0\.0:(\d+)->/)?.output.1
                guard let port = fields[1].isEmpty ? published : fields[1] else { return nil }
                return (String(fields[0]), "\(Self.advertised):\(port)")
            })
    }
}

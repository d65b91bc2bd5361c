import DNS
import Registry
import TestSupport
import Testing

@testable import DockerWatch

/// One engine for the whole suite: starting one takes longer than most tests.
private struct SharedEngine: SuiteTrait, TestScoping {
    @TaskLocal static var current: DockerEngine?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await withDockerEngine { engine in
            try await engine.makeImage("web1", ["EXPOSE 80"])
            try await engine.makeImage(
                "labelled", ["EXPOSE 80", "LABEL SERVICE_NAME=fromlabel SERVICE_TAGS=l1,l2", "ENV SERVICE_REGION=eu"])
            try await Self.$current.withValue(engine) { try await function() }
        }
    }
}

@Suite(.serialized, SharedEngine(), .timeLimit(.minutes(5)))
struct `With a real Docker engine` {
    private func withEngine(_ body: (DockerEngine) async throws -> Void) async throws {
        let engine = try #require(SharedEngine.current)
        do { try await body(engine) } catch {
            try await engine.removeContainers()
            throw error
        }
        try await engine.removeContainers()
    }

    /// What `docker ps` says, in the words of ``Registry/lines``.
    private func published(_ engine: DockerEngine) async throws -> [String] {
        let format = "{{.Names}} {{.Ports}}"
        return try await engine.docker("ps", "--format", format).split(separator: "\n").flatMap { line -> [String] in
            let name = line.prefix { $0 != " " }
            return line.dropFirst(name.count).split(separator: ",").compactMap { port -> String? in
                // "0.0.0.0:32769->80/tcp"
                let trimmed = port.drop { $0 == " " }
                guard trimmed.hasPrefix("0.0.0.0:"), let arrow = trimmed.firstRange(of: "->") else { return nil }
                let hostPort = trimmed.dropFirst("0.0.0.0:".count).prefix { $0.isNumber }
                let containerPort = trimmed[arrow.upperBound...].prefix { $0.isNumber }
                return "vm:\(name):\(containerPort) 10.11.97.181:\(hostPort)"
            }
        }
    }

    private func expectAgreement(
        _ registry: Registry, _ engine: DockerEngine, within limit: Duration = .seconds(2),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectEventually(
            registry, try await published(engine), within: limit, sourceLocation: sourceLocation)
    }

    @Test func `a container is registered about when docker run returns, and gone when it is killed`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, watcher in
                try await engine.docker("run", "-d", "-P", "--name", "first", "web1")
                try await expectAgreement(registry, engine)
                var delays: [Duration] = []
                for number in 0..<5 {
                    try await engine.docker("run", "-d", "-P", "--name", "next\(number)", "web1")
                    let returned = ContinuousClock.now
                    _ = try await eventually { registry.lines.count == number + 2 }
                    delays.append(ContinuousClock.now - returned)
                }
                // Registered before the command even returned, or a moment later: on a busy machine within a second.
                #expect(delays.sorted()[2] < .seconds(1))
                #expect(watcher.reports(matching: "first").map(\.state) == ["running"])
                try await engine.docker("kill", "first", "next0")
                try await expectAgreement(registry, engine)
                _ = try await eventually { watcher.reports(matching: "first").first?.state == "exited" }
                #expect(watcher.reports(matching: "first").map(\.state) == ["exited"])
            }
        }
    }

    @Test func `after every storm of starts, kills and restarts the registry equals docker ps`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, _ in
                let names = (0..<30).map { "storm\($0)" }
                for name in names { try await engine.docker("create", "-P", "--name", name, "web1") }
                for round in 0..<3 {
                    try await engine.docker(["start"] + names)
                    try await expectAgreement(registry, engine)
                    #expect(registry.lines.count == 30, "round \(round)")
                    try await engine.docker(["restart", "-t", "0"] + names.prefix(5))
                    try await expectAgreement(registry, engine)
                    #expect(registry.lines.count == 30, "round \(round)")
                    try await engine.docker(["kill"] + names)
                    try await expectAgreement(registry, engine)
                    #expect(registry.lines.isEmpty, "round \(round)")
                }
            }
        }
    }

    @Test func `the engine restarting, killed and stopped, heals by itself`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, _ in
                try await engine.docker("run", "-d", "-P", "--name", "stays", "--restart", "always", "web1")
                try await engine.docker("run", "-d", "-P", "--name", "goes", "web1")
                try await expectAgreement(registry, engine)
                let before = registry.lines

                try await engine.kill()
                #expect(registry.lines == before, "while Docker is away the last state stays")
                try await engine.start()
                try await expectAgreement(registry, engine, within: .seconds(60))
                #expect(registry.lines.count == 1)

                try await engine.stop()
                try await engine.start()
                try await expectAgreement(registry, engine, within: .seconds(60))
                #expect(registry.lines.count == 1)
            }
        }
    }

    @Test func `what changed while nobody watched is put right, and foreign registrations stay`() async throws {
        try await withEngine { engine in
            try await engine.docker("run", "-d", "-P", "--name", "live", "web1")
            try await engine.docker("create", "-P", "--name", "asleep", "web1")
            let asleep = try await engine.docker("inspect", "--format", "{{.Id}}", "asleep")
            let node = Agent.test.node
            let service = try ServiceName("web1")
            let ghost = ServiceInstance(
                node: node, id: "vm:ghost:80", name: service, port: 1,
                owner: .docker(engine: "ANOTHER", container: Container.id("ghost")))
            let stopped = ServiceInstance(
                node: node, id: "vm:asleep:80", name: service, port: 2,
                owner: .docker(engine: "ANOTHER", container: asleep))
            let lookalike = ServiceInstance(node: node, id: "vm:legacy-app:8080", name: service, port: 3)
            let elsewhere = ServiceInstance(
                node: try NodeName("other"), id: "x", name: service, port: 4,
                owner: .docker(engine: "ANOTHER", container: Container.id("x")))
            try await withWatcher(on: engine.socketPath, prepared: [ghost, stopped, lookalike, elsewhere]) {
                registry, _ in
                let expected = try await published(engine) + ["vm:legacy-app:8080 :3"]
                try await expectEventually(registry, expected)
                #expect(registry.snapshot.instances(on: try NodeName("other")).count == 1)
            }
        }
    }

    @Test func `a variable given to docker run beats the image's label, and renames are followed`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, watcher in
                try await engine.docker(
                    "run", "-d", "-P", "--name", "one", "-e", "SERVICE_NAME=runenv", "labelled")
                try await engine.docker("run", "-d", "-P", "--name", "two", "labelled")
                try await expectAgreement(registry, engine)
                let services = {
                    registry.snapshot.services.map { "\($0.name.text) \($0.tags.joined(separator: ","))" }
                }
                #expect(services() == ["fromlabel l1,l2", "runenv l1,l2"])

                try await engine.docker("rename", "one", "renamed")
                try await expectAgreement(registry, engine)
                #expect(registry.lines.contains { $0.hasPrefix("vm:renamed:80 ") })

                try await engine.docker("pause", "renamed")
                _ = try await eventually { watcher.reports(matching: "renamed").first?.state == "paused" }
                #expect(registry.lines.count == 2, "a paused container is still there")
            }
        }
    }

    @Test func `a HEALTHCHECK is a check of the container's services`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, _ in
                try await engine.docker(
                    "run", "-d", "-P", "--name", "checked", "--health-cmd", "test -e /well && echo well",
                    "--health-interval", "1s", "--health-retries", "1", "web1")
                let key = CheckKey(node: Agent.test.node, id: "docker:vm:checked:80")
                func expect(_ status: HealthStatus, _ output: String) async throws {
                    let isSo = try await eventually(within: .seconds(20)) {
                        registry.snapshot.check(key)?.value.status == status
                            && registry.snapshot.check(key)?.value.output == output
                    }
                    #expect(isSo, "it is \(String(describing: registry.snapshot.check(key)?.value))")
                }
                try await expect(.critical, "")
                try await engine.docker("exec", "checked", "busybox", "touch", "/well")
                try await expect(.passing, "well\n")
                try await engine.docker("exec", "checked", "busybox", "rm", "/well")
                try await expect(.critical, "")
                try await engine.docker("rm", "-f", "checked")
                _ = try await eventually { registry.snapshot.check(key) == nil }
                #expect(registry.snapshot.check(key) == nil)
            }
        }
    }

    @Test func `a user-defined network does not change the address`() async throws {
        try await withEngine { engine in
            try await withWatcher(on: engine.socketPath) { registry, watcher in
                try await engine.docker("network", "create", "mynet")
                try await engine.docker("run", "-d", "-P", "--net", "mynet", "--name", "meshed", "web1")
                try await engine.docker("run", "-d", "--net", "none", "--name", "hermit", "web1")
                try await engine.docker("run", "-d", "--name", "shy", "web1")
                try await expectAgreement(registry, engine)
                #expect(registry.lines.count == 1)
                let reason = { (name: String) in
                    "\(watcher.reports(matching: name).first?.decisions.first?.outcome as Any)"
                }
                _ = try await eventually { !watcher.reports(matching: "shy").isEmpty }
                #expect(reason("hermit").contains("no network"))
                #expect(reason("shy").contains("run with -p or -P"))
            }
        }
    }
}

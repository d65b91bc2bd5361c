import Foundation
import Registry
import Testing

@testable import DockerWatch

@Suite struct `The engine's JSON` {
    private func container(_ json: String) throws -> Container {
        try JSONDecoder().decode(Container.self, from: Data(json.utf8))
    }

    private static let id = Container.id("a1")

    /// Cut from the answer of Docker 20.10.24 for `docker run -P --name a1 -l SERVICE_NAME=web -e SERVICE_TAGS=x`.
    private static let inspected = """
        {"Id": "\(id)", "Created": "2026-11-23T05:38:43.9Z", "Path": "/bin/busybox", "Args": ["sleep", "100000"],
         "State": {"Status": "running", "Running": true, "Paused": false, "Restarting": false, "OOMKilled": false,
                   "Dead": false, "Pid": 31138, "ExitCode": 0, "Error": "", "StartedAt": "2026-11-23T05:38:44.6Z"},
         "Image": "sha256:d93b15937ec340b3557b194c1fdf79e10fa0664146a6ffb4c2b8aa1f10922050", "Name": "/a1",
         "HostConfig": {"Binds": null, "NetworkMode": "default", "PortBindings": {}, "PublishAllPorts": true},
         "Config": {"Hostname": "14faa2a37357", "ExposedPorts": {"80/tcp": {}, "443/tcp": {}}, "Env": ["SERVICE_TAGS=x", "PATH=/bin"],
                    "Image": "web1", "Labels": {"SERVICE_NAME": "web"}},
         "NetworkSettings": {"Bridge": "", "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "32769"},
                                                               {"HostIp": "::", "HostPort": "32769"}], "443/tcp": null},
                             "IPAddress": "172.17.0.2", "Networks": {"bridge": {"IPAddress": "172.17.0.2"}}}}
        """

    @Test func `gives a container`() throws {
        let container = try container(Self.inspected)
        #expect(container.id == Self.id)
        #expect(container.name == "a1")
        #expect(container.image == "web1")
        #expect(container.isRunning)
        #expect(container.exposedPorts == [ContainerPort(80), ContainerPort(443)])
        #expect(container.bindings == [ContainerPort(80): .everywhere(32769)])
        #expect(container.labels == ["SERVICE_NAME": "web"])
        #expect(container.environment == ["SERVICE_TAGS": "x", "PATH": "/bin"])
        #expect(container.oddities.isEmpty)
        #expect(Derivation(container).lines == ["vm:a1:80 -> web 10.11.97.181:32769 [x]"])
    }

    @Test(arguments: [
        (
            #"{"Status": "healthy", "FailingStreak": 0, "Log": [{"Output": "old"}, {"ExitCode": 0, "Output": "fine\n"}]}"#,
            ContainerHealth("healthy", output: "fine\n")
        ),
        (#"{"Status": "unhealthy", "Log": [{"Output": 7}]}"#, ContainerHealth("unhealthy", output: "")),
        (#"{"Status": "starting", "Log": []}"#, ContainerHealth("starting", output: "")),
        (#"{"Status": "none"}"#, nil), ("null", nil), ("[]", nil), (#"{"Status": 1, "Log": 2}"#, nil),
    ])
    func `says how a container's HEALTHCHECK is`(json: String, health: ContainerHealth?) throws {
        let state = #"{"Running": true, "Health": \#(json)}"#
        #expect(try container(#"{"Id": "\#(Self.id)", "State": \#(state)}"#).health == health)
    }

    @Test(arguments: [
        ("Up 3 minutes (healthy)", "healthy"), ("Up 3 minutes", ""),
        ("Up 1 second (health: starting)", "health: starting"),
        ("Exited (0) 2 hours ago", ""),
    ])
    func `of a list says how a container's HEALTHCHECK is`(status: String, health: String) throws {
        let json = #"{"Id": "\#(Self.id)", "State": "running", "Status": "\#(status)"}"#
        #expect(try JSONDecoder().decode(ContainerSummary.self, from: Data(json.utf8)).health == health)
    }

    @Test(arguments: [
        (#"{"Running": true, "Paused": true, "Status": "paused"}"#, true),
        (#"{"Running": true, "Restarting": true, "Status": "restarting"}"#, false),
        (#"{"Running": true, "Dead": true}"#, false), (#"{"Running": false}"#, false), (#"{"Running": true}"#, true),
    ])
    func `says whether a container runs`(state: String, isRunning: Bool) throws {
        #expect(try container(#"{"Id": "\#(Self.id)", "State": \#(state)}"#).isRunning == isRunning)
    }

    @Test(arguments: [
        #"{"Id": "ID", "State": {"Running": true}}"#,
        #"{"Id": "ID", "Name": 7, "State": {"Running": true, "Status": []}, "Config": [], "HostConfig": 1, "NetworkSettings": "x"}"#,
        #"{"Id": "ID", "Name": "/", "State": {"Running": true}, "Config": {"Env": "A=b", "Labels": ["x"], "ExposedPorts": 80}}"#,
        #"{"Id": "ID", "Name": null, "State": {"Running": true}, "Config": null, "NetworkSettings": {"Ports": []}}"#,
        "{\"Id\": \"ID\", \"Name\": \"/a\\nb\", \"State\": {\"Running\": true}}",
    ])
    func `may lack everything but id and state`(json: String) throws {
        let container = try container(json.replacing("ID", with: Self.id))
        #expect(container.name == String(Self.id.prefix(12)))
        #expect(container.labels.isEmpty && container.environment.isEmpty && container.bindings.isEmpty)
        #expect(Derivation(container).instances.isEmpty)
    }

    @Test func `loses only the entries that are wrong`() throws {
        let container = try container(
            """
            {"Id": "\(Self.id)", "Name": "/a1", "State": {"Running": true},
             "Config": {"Image": "web1", "Env": ["no equals", 7, "A=b=c", "A=last"],
                        "Labels": {"SERVICE_NAME": 7, "SERVICE_TAGS": "t", "x": null},
                        "ExposedPorts": {"80/tcp": {}, "0/tcp": {}, "99999/tcp": {}, "http": {}, "81/quic": {}}},
             "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostPort": 7}, null, "x",
                                                      {"HostIp": "nonsense", "HostPort": "8081"}, {"HostPort": "0"}],
                                           "x/tcp": [{"HostIp": "", "HostPort": "1"}]}}}
            """)
        #expect(container.environment == ["A": "last"])
        #expect(container.labels == ["SERVICE_TAGS": "t"])
        #expect(container.exposedPorts == [ContainerPort(80)])
        #expect(container.oddities.count == 7)
        let derivation = Derivation(container)
        #expect(derivation.lines == ["vm:a1:80 -> web1 10.11.97.181:8080 [t]"])
        #expect(derivation.report.notes.contains("port 80/tcp is bound to \"nonsense\", which is no address"))
    }

    @Test(arguments: [
        "", "{}", "[]", "null", #"{"Id": "short", "State": {"Running": true}}"#, #"{"Id": "\#(id)"}"#,
        #"{"Id": "\#(id)", "State": {"Running": "yes"}}"#, #"{"Id": "../../info", "State": {"Running": true}}"#,
        #"{"Id": "\#(id)", "State": {"Runn"#, String(repeating: "[", count: 100_000),
    ])
    func `is refused where nothing can be said about the container`(json: String) {
        #expect(throws: (any Error).self) { try container(json) }
    }

    @Test func `may hold a label of a megabyte`() throws {
        let label = String(repeating: "l", count: 1 << 20)
        let container = try container(
            Self.inspected.replacing(#""web"}"#, with: #""web", "SERVICE_80_NAME": "\#(label)"}"#))
        #expect(container.labels["SERVICE_80_NAME"] == label)
        #expect(Derivation(container).instances.map(\.name.text) == ["web"])
    }

    @Test func `lists containers`() throws {
        let json = """
            [{"Id": "\(Self.id)", "Names": ["/peer/alias", "/a1"], "Image": "web1", "State": "running",
              "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 32769, "Type": "tcp"}]},
             {"Names": 7}, null, {"Id": "\(Self.id)"}]
            """
        let summaries = try JSONDecoder().decode([Lenient<ContainerSummary>].self, from: Data(json.utf8))
        #expect(
            summaries.map(\.value) == [
                ContainerSummary(
                    id: Self.id, name: "a1", image: "web1", state: "running", ports: ["0.0.0.0:32769:80/tcp"]),
                nil, nil, ContainerSummary(id: Self.id, name: "613100000000", image: "", state: "", ports: []),
            ])
    }

    @Test(
        arguments: [
            ("2026-11-23T05:53:15.255775900Z", 1_795_413_195), ("2026-11-23T06:53:15.2+01:00", 1_795_413_195),
            ("2026-11-23T05:53:15Z", 1_795_413_195), ("yesterday", nil), ("", nil),
        ] as [(String, Int?)])
    func `tells the engine's time to the second`(text: String, time: Int?) throws {
        let json = #"{"ID": "LN6P:ASSS", "ServerVersion": "20.10.24", "SystemTime": "\#(text)"}"#
        let engine = try JSONDecoder().decode(EngineInfo.self, from: Data(json.utf8))
        #expect(engine == EngineInfo(id: "LN6P:ASSS", version: "20.10.24", time: time))
    }

    @Test(arguments: ["{}", #"{"ID": ""}"#, "{\"ID\": \"a\\nb\"}"])
    func `must say which engine it is`(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(EngineInfo.self, from: Data(json.utf8)) }
    }
}

@Suite struct `The stream of events` {
    private func event(_ action: String, _ name: String = "a1") -> String {
        #"{"Type":"container","Action":"\#(action)","Actor":{"ID":"\#(Container.id(name))","Attributes":{"image":"web1"}},"time":1,"timeNano":2}"#
    }

    private var a1: DockerEventStream.Element {
        get throws { .event(try #require(try DockerEvent(json: Data(event("start").utf8)))) }
    }

    @Test func `is cut into events wherever the pieces end`() throws {
        let stream = Array((event("start") + "\n" + event("die") + "\n").utf8)
        for size in [1, 2, 7, 100, stream.count] {
            var lines = EventLines()
            let elements = stride(from: 0, to: stream.count, by: size).flatMap {
                lines.append(stream[$0..<min($0 + size, stream.count)])
            }
            #expect(elements == [try a1, try a1])
        }
    }

    @Test func `names the container that joins a network`() throws {
        let json =
            #"{"Type":"network","Action":"connect","Actor":{"ID":"n","Attributes":{"container":"\#(Container.id("a1"))"}}}"#
        #expect(try DockerEvent(json: Data(json.utf8))?.containerID == Container.id("a1"))
        let alone = #"{"Type":"network","Action":"create","Actor":{"ID":"n"}}"#
        #expect(try DockerEvent(json: Data(alone.utf8)) == nil)
    }

    @Test func `goes on after nonsense`() throws {
        var lines = EventLines()
        let elements = lines.append(Array("garbage\n\n{}\n\(event("start"))\n".utf8))
        #expect(elements == [.unreadable, .unreadable, try a1])
    }

    @Test func `goes on after a line that never seems to end`() throws {
        var lines = EventLines()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let elements = (0..<10).flatMap { _ in lines.append(piece) }
        #expect(elements == [.unreadable])
        let next = lines.append(Array("\n\(event("start"))\n".utf8))
        #expect(next == [try a1])
    }
}

@Suite struct `A Docker endpoint` {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", DockerEndpoint.unix(path: "/var/run/docker.sock")),
        ("tcp://127.0.0.1:2375", .tcp(host: "127.0.0.1", port: 2375)),
        ("tcp://[::1]:1234", .tcp(host: "::1", port: 1234)),
    ])
    func `is shown as it is spelled in the settings`(text: String, endpoint: DockerEndpoint) {
        #expect(endpoint.description == text)
    }

    @Test func `speaks the newest version that both sides know`() {
        #expect(APIVersion("1.41").map { min($0, DockerSocket.newestVersion) }?.description == "1.41")
        #expect(APIVersion("1.99").map { min($0, DockerSocket.newestVersion) }?.description == "1.51")
        #expect(APIVersion("x") == nil && APIVersion("1") == nil && APIVersion("1.2.3") == nil)
    }
}

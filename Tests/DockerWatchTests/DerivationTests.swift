import DNS
import Registry
import Testing

@testable import DockerWatch

@Suite struct `What a container is registered as` {
    struct Case: Sendable, CustomTestStringConvertible {
        var run: String
        var container: Container
        var image: ImageSettings?
        var lines: [String]

        init(_ run: String, _ container: Container, image: ImageSettings? = nil, _ lines: String...) {
            self.run = run
            self.container = container
            self.image = image
            self.lines = lines
        }

        var testDescription: String { run }
    }

    private static let web2 = ["80", "443"]
    private static let both: [String: [Container.Binding]] = ["80": .everywhere(32780), "443": .everywhere(32779)]
    private static let one: [String: [Container.Binding]] = ["80": .everywhere(32778)]

    static let cases: [Case] = [
        Case("-P web1", .running(expose: ["80"], publish: one), "vm:a1:80 -> web1 10.11.97.181:32778"),
        Case(
            "-p 18080:80 of a port that no image exposes", .running(publish: ["80": .everywhere(18080)]),
            "vm:a1:80 -> web1 10.11.97.181:18080"),
        Case(
            "-p 127.0.0.1:18081:80", .running(expose: ["80"], publish: ["80": .at("127.0.0.1", 18081)]),
            "vm:a1:80 -> web1 127.0.0.1:18081"),
        Case(
            "-p [::1]:18097:80", .running(expose: ["80"], publish: ["80": .at("::1", 18097)]),
            "vm:a1:80 -> web1 [::1]:18097"),
        Case(
            "-P web2", .running("b1", image: "web2", expose: web2, publish: both),
            "vm:b1:80 -> web2-80 10.11.97.181:32780", "vm:b1:443 -> web2-443 10.11.97.181:32779"),
        Case(
            "-p 18084:80 web2", .running(image: "web2", expose: web2, publish: ["80": .everywhere(18084)]),
            "vm:a1:80 -> web2 10.11.97.181:18084"),
        Case(
            "-P dns", .running("c1", image: "dns", expose: ["53/udp"], publish: ["53/udp": .everywhere(32768)]),
            "vm:c1:53:udp -> dns 10.11.97.181:32768 [udp]"),
        Case(
            "-P dnsboth",
            .running(
                "c2", image: "dnsboth", expose: ["53/udp", "53/tcp"],
                publish: ["53/udp": .everywhere(32769), "53/tcp": .everywhere(32777)]),
            "vm:c2:53 -> dnsboth-53 10.11.97.181:32777", "vm:c2:53:udp -> dnsboth-53 10.11.97.181:32769 [udp]"),
        Case("nothing published", .running(expose: ["80"])),
        Case("no ports", .running(image: "noport")),
        Case("--net=host web1", .running(expose: ["80"], network: "host"), "vm:a1:80 -> web1 10.11.97.181:80"),
        Case(
            "--net=host -p 18085:80 web2", .running(image: "web2", expose: web2, network: "host"),
            "vm:a1:80 -> web2-80 10.11.97.181:80", "vm:a1:443 -> web2-443 10.11.97.181:443"),
        Case(
            "--net=host --expose 7777 noport", .running(image: "noport", expose: ["7777"], network: "host"),
            "vm:a1:7777 -> noport 10.11.97.181:7777"),
        Case("--net none -P web1", .running(expose: ["80"], network: "none")),
        Case(
            "--net mynet -P web1", .running(expose: ["80"], publish: ["80": .everywhere(32827)], network: "mynet"),
            "vm:a1:80 -> web1 10.11.97.181:32827"),
        Case(
            "--net container:p web2", .running(image: "web2", expose: web2, network: "container:\(Container.id("p"))")),
        Case(
            "image LABELs", .running(publish: one, labels: ["SERVICE_NAME": "fromlabel", "SERVICE_TAGS": "l1,l2"]),
            "vm:a1:80 -> fromlabel 10.11.97.181:32778 [l1|l2]"),
        Case(
            "image LABEL and -e: who runs it beats who made it",
            .running(
                publish: one, labels: ["SERVICE_NAME": "fromlabel"], environment: ["SERVICE_NAME": "runenv"]),
            image: ImageSettings(labels: ["SERVICE_NAME": "fromlabel"]), "vm:a1:80 -> runenv 10.11.97.181:32778"),
        Case(
            "-l over an image's ENV",
            .running(publish: one, labels: ["SERVICE_NAME": "runlabel"], environment: ["SERVICE_NAME": "imageenv"]),
            image: ImageSettings(environment: ["SERVICE_NAME": "imageenv"]),
            "vm:a1:80 -> runlabel 10.11.97.181:32778"),
        Case(
            "-e SERVICE_NAME=x -l SERVICE_NAME=y",
            .running(publish: one, labels: ["SERVICE_NAME": "y"], environment: ["SERVICE_NAME": "x"]),
            image: ImageSettings(), "vm:a1:80 -> y 10.11.97.181:32778"),
        Case(
            "-e SERVICE_NAME=api web2", .running(publish: both, environment: ["SERVICE_NAME": "api"]),
            "vm:a1:80 -> api-80 10.11.97.181:32780", "vm:a1:443 -> api-443 10.11.97.181:32779"),
        Case(
            "-e SERVICE_80_NAME=api web2",
            .running(image: "web2", publish: both, environment: ["SERVICE_80_NAME": "api"]),
            "vm:a1:80 -> api 10.11.97.181:32780", "vm:a1:443 -> web2-443 10.11.97.181:32779"),
        Case(
            "-e SERVICE_80_NAME=api -e SERVICE_NAME=gen web2",
            .running(publish: both, environment: ["SERVICE_80_NAME": "api", "SERVICE_NAME": "gen"]),
            "vm:a1:80 -> api 10.11.97.181:32780", "vm:a1:443 -> gen-443 10.11.97.181:32779"),
        Case(
            "one port, two protocols, two names",
            .running(
                publish: ["53/udp": .everywhere(1053), "53": .everywhere(2053)],
                labels: ["SERVICE_53_UDP_NAME": "fast", "SERVICE_53_NAME": "sure"]),
            "vm:a1:53 -> sure 10.11.97.181:2053", "vm:a1:53:udp -> fast 10.11.97.181:1053 [udp]"),
        Case("-e SERVICE_IGNORE=true", .running(publish: one, environment: ["SERVICE_IGNORE": "true"])),
        Case(
            "-e SERVICE_IGNORE=false", .running(publish: one, environment: ["SERVICE_IGNORE": "false"]),
            "vm:a1:80 -> web1 10.11.97.181:32778"),
        Case(
            "-e SERVICE_IGNORE=", .running(publish: one, environment: ["SERVICE_IGNORE": ""]),
            "vm:a1:80 -> web1 10.11.97.181:32778"),
        Case(
            "-e SERVICE_80_IGNORE=yes web2: what is left is alone",
            .running(image: "web2", publish: both, environment: ["SERVICE_80_IGNORE": "yes"]),
            "vm:a1:443 -> web2 10.11.97.181:32779"),
        Case(
            "SERVICE_80_IGNORE= under SERVICE_IGNORE=1",
            .running(image: "web2", publish: both, environment: ["SERVICE_80_IGNORE": "", "SERVICE_IGNORE": "1"]),
            "vm:a1:80 -> web2 10.11.97.181:32780"),
        Case(
            "SERVICE_TAGS and SERVICE_80_TAGS",
            .running(publish: both, environment: ["SERVICE_TAGS": "gen", "SERVICE_80_TAGS": "p80"]),
            "vm:a1:80 -> web1-80 10.11.97.181:32780 [p80]", "vm:a1:443 -> web1-443 10.11.97.181:32779 [gen]"),
        Case(
            "compose", .running("my_project_web_1", publish: one, labels: ["com.docker.compose.service": "web"]),
            "vm:my_project_web_1:80 -> web 10.11.97.181:32778"),
        Case(
            "SERVICE_NAME over compose",
            .running(publish: one, labels: ["com.docker.compose.service": "web", "SERVICE_NAME": "api"]),
            "vm:a1:80 -> api 10.11.97.181:32778"),
        Case(
            "-e SERVICE_NAME=my_project_web", .running(publish: one, environment: ["SERVICE_NAME": "my_project_web"]),
            "vm:a1:80 -> my-project-web 10.11.97.181:32778"),
        Case(
            "an empty name is none", .running(publish: one, labels: ["SERVICE_NAME": "", "SERVICE_80_NAME": ""]),
            "vm:a1:80 -> web1 10.11.97.181:32778"),
        Case(
            "-p 18082:80 -p 18083:80", .running(publish: ["80": .everywhere(18082) + .everywhere(18083)]),
            "vm:a1:80:18082 -> web1 10.11.97.181:18082", "vm:a1:80:18083 -> web1 10.11.97.181:18083"),
        Case(
            "one port at two addresses", .running(publish: ["80": .at("127.0.0.1", 8080) + .at("10.0.0.1", 8080)]),
            "vm:a1:80:10.0.0.1:8080 -> web1 10.0.0.1:8080", "vm:a1:80:127.0.0.1:8080 -> web1 127.0.0.1:8080"),
        Case(
            "two ports for the two families", .running(publish: ["80": .at("0.0.0.0", 32768) + .at("::", 32769)]),
            "vm:a1:80 -> web1 10.11.97.181:32768"),
        Case(
            "-p [::]:8080:80", .running(publish: ["80": .at("::", 8080)]), "vm:a1:80 -> web1 10.11.97.181:8080"),
        Case(
            "an engine that leaves out the wildcard", .running(publish: ["80": .at("", 8080)]),
            "vm:a1:80 -> web1 10.11.97.181:8080"),
    ]

    @Test(arguments: cases) func `follows from its ports, labels and network`(of expected: Case) {
        let derivation = Derivation(expected.container, image: expected.image)
        #expect(derivation.lines == expected.lines)
        #expect(
            derivation.instances.allSatisfy {
                $0.owner == .docker(engine: "ENGINE", container: expected.container.id)
            })
        #expect(Set(derivation.instances.map(\.key)).count == derivation.instances.count)
        let registered = derivation.report.decisions.filter {
            if case .registered = $0.outcome { true } else { false }
        }
        #expect(registered.count == expected.lines.count, "the report tells of every instance")
        #expect(!derivation.report.decisions.isEmpty, "the report always tells why")
    }

    @Test(arguments: [
        ("nginx", "nginx"), ("nginx:1.27", "nginx"), ("library/nginx", "nginx"),
        ("localhost:5000/team/web_api.v2:1.2-rc", "web-api-v2"),
        ("nginx@sha256:\(String(repeating: "a", count: 64))", "nginx"),
        ("nginx:1.27@sha256:\(String(repeating: "a", count: 64))", "nginx"),
        ("dddddddddddd", "a1"), ("dddd", "a1"), ("sha256:" + String(repeating: "d", count: 64), "a1"),
        ("cafe", "cafe"), ("", "a1"), (":5000", "a1"), ("registry/", "registry"),
    ])
    func `is named after its image, or after itself where the image has no name`(image: String, name: String) {
        let derivation = Derivation(.running(image: image, publish: Self.one))
        #expect(derivation.instances.map(\.name.text) == [name])
    }

    @Test func `keeps the name it was given in its meta when DNS cannot carry it`() {
        let derivation = Derivation(.running(publish: Self.one, labels: ["SERVICE_NAME": "My_App.v2"]))
        #expect(derivation.instances.map(\.name.text) == ["my-app-v2"])
        #expect(derivation.instances.map(\.meta) == [["original-name": "My_App.v2"]])
        #expect(
            derivation.report.notes == [
                "the name \"My_App.v2\" is registered as \"my-app-v2\", which DNS can carry"
            ])
    }

    @Test func `is in lower case, which is the same name`() {
        let derivation = Derivation(.running(publish: Self.one, labels: ["SERVICE_NAME": "My-App"]))
        #expect(derivation.instances.map(\.name.text) == ["my-app"])
        #expect(derivation.instances.map(\.meta) == [[:]])
        #expect(derivation.report.notes.isEmpty)
    }

    @Test func `keeps the port in a name that is too long, by its hash`() {
        let long = String(repeating: "n", count: 80)
        let derivation = Derivation(.running(publish: Self.both, labels: ["SERVICE_NAME": long]))
        let names = derivation.instances.map(\.name.text)
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy { $0.utf8.count <= 63 })
    }

    @Test(arguments: ["___", "日本", "", " "]) func `is never named by a port alone`(name: String) {
        let derivation = Derivation(
            .running("-", image: name, publish: Self.both, labels: ["SERVICE_NAME": name]))
        #expect(derivation.instances.isEmpty)
        #expect(derivation.reasons.count == 2)
        let shown = name.isEmpty ? "-" : name
        #expect(derivation.reasons.allSatisfy { $0.contains("nothing of the name \"\(shown)\" can be") })
    }

    @Test(arguments: [
        (Container.running(expose: ["80"]), "80/tcp: port 80/tcp is exposed but not published: run with -p or -P"),
        (.running(expose: ["80"], network: "none"), "80/tcp: the container has no network (--network none)"),
        (
            .running(expose: ["80"], network: "container:" + Container.id("peer")),
            "80/tcp: the container uses the network of container 706565720000: publish port 80/tcp there"
        ),
        (
            .running(),
            "container: the container has no ports: publish one with -p, or name it with EXPOSE or --expose and run with -P"
        ),
        (.running(publish: one, labels: ["SERVICE_IGNORE": "please"]), "80/tcp: SERVICE_IGNORE is \"please\""),
    ])
    func `is skipped with a reason that says what to do`(container: Container, reason: String) {
        #expect(Derivation(container).reasons == [reason])
    }

    @Test func `is nothing unless it runs`() {
        var container = Container.running(expose: ["80"], publish: Self.one, network: "host")
        container.isRunning = false
        container.status = "exited"
        let derivation = Derivation(container)
        #expect(derivation.instances.isEmpty)
        #expect(derivation.reasons == ["container: the container is not running: it is exited"])
    }

    @Test(arguments: [
        (
            Container.running(publish: one),
            ["image", "-", "the advertised address and the port that Docker publishes on all addresses"]
        ),
        (
            .running(
                publish: ["80": .at("127.0.0.1", 8080)], labels: ["SERVICE_80_NAME": "a", "SERVICE_TAGS": "t"],
                environment: ["SERVICE_80_TAGS": "u"]),
            ["label SERVICE_80_NAME", "variable SERVICE_80_TAGS", "the address and port that Docker publishes"]
        ),
        (
            .running(
                expose: ["53/udp"], network: "host", labels: ["SERVICE_TAGS": "t"], environment: ["SERVICE_NAME": "dns"]
            ),
            [
                "variable SERVICE_NAME", "label SERVICE_TAGS, protocol of the port",
                "the advertised address and the container's port: it uses the host's network",
            ]
        ),
        (
            .running(image: "sha256:dddd", publish: ["53/udp": .at("::1", 53)]),
            [
                "container, as its image has no name", "protocol of the port",
                "the address and port that Docker publishes",
            ]
        ),
    ])
    func `is reported with what it was derived from`(container: Container, sources: [String]) {
        let found = Derivation(container).sources
        #expect(found == [sources])
    }

    @Test func `is known by what is spoken at its port`() {
        let derivation = Derivation(.running(publish: ["53/udp": .everywhere(1053), "80": .everywhere(2080)]))
        #expect(derivation.instances.map(\.transport) == [.udp, .tcp])
    }

    @Test func `is reported with the port where that makes its name`() {
        let derivation = Derivation(
            .running(publish: Self.both, labels: ["com.docker.compose.service": "web", "SERVICE_443_NAME": "tls"]))
        #expect(
            derivation.sources.map(\.first) == [
                "compose service, and the port because there are several", "label SERVICE_443_NAME",
            ])
    }

    @Test func `has the notes on its labels`() {
        let derivation = Derivation(
            .running(
                expose: ["80"], publish: ["443": .everywhere(1)],
                labels: ["SERVICE_80_TAGS": "x", "SERVICE_8080_NAME": "x", "SERVICE_FOO": "bar", "SERVICE_TAGS": "x y"])
        )
        #expect(derivation.report.notes.count == 3)
        #expect(derivation.report.notes.contains { $0.hasPrefix("SERVICE_8080_NAME is for port 8080") })
        #expect(derivation.report.notes.contains { $0.hasPrefix("SERVICE_FOO is not read") })
        #expect(derivation.report.notes.contains { $0.hasPrefix("the tag \"x y\" of SERVICE_TAGS cannot be asked") })
    }

    @Test func `says that a loopback binding reaches nobody else`() {
        let derivation = Derivation(.running(publish: ["80": .at("127.0.0.1", 18081)]))
        #expect(derivation.report.notes == ["port 80/tcp is bound to 127.0.0.1, which only this machine can reach"])
    }

    @Test func `has an instance under the IPv6 address of a node that has one`() {
        var agent = Agent.test
        agent.address = .v6(high: 0x2001_0db8_0000_0000, low: 5)
        let derivation = Derivation(
            .running(publish: ["80": .at("0.0.0.0", 32768) + .at("::", 32769)]), agent: agent)
        #expect(derivation.lines == ["vm:a1:80 -> web1 [2001:db8::5]:32769"])
    }

    @Test func `survives labels made to hurt`() {
        let derivation = Derivation(
            .running(
                publish: Self.one,
                labels: [
                    "SERVICE_NAME": "a\n;}\u{0}b../../c",
                    "SERVICE_TAGS": "good,bad\ntag,\(String(repeating: "x", count: 300))",
                    "SERVICE_80_NAME": String(repeating: "y", count: 1 << 20), "SERVICE_ID": "../../x", "SERVICE_": "z",
                    "SERVICE_80": "foo", "SERVICE__NAME": "w", "service_name": "lower",
                ]))
        #expect(derivation.lines == ["vm:a1:80 -> a-b-c 10.11.97.181:32778 [good]"])
        #expect(derivation.instances.first?.meta["original-name"] == #"a\n;}\0b../../c"#)
        #expect(derivation.report.notes.count == 6)
        for note in derivation.report.notes {
            #expect(note.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            #expect(note.utf8.count < 600)
        }
    }
}

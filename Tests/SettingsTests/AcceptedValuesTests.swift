import DNS
import Registry
import Settings
import Testing

@Suite struct `Values that are taken` {
    @Test func `every key of the file sets its setting`() throws {
        let text = """
            listen:
              - 0.0.0.0
              - ::1
            dns-port: 53
            http-port: 0
            http-connections: 50
            http-connections-per-client: 0
            http-header-size: 8192
            http-uri-size: 1024
            http-body-size: 16777216
            kv-value-size: 1024
            snapshot-size: 5000000000
            dns-udp-size: 4096
            dns-answer-limit: 8
            dns-rate-limit: 200
            dns-identity: "berth 1, rack é"
            dns-spin: on
            dns-segments: on
            domain: Example.Internal.
            alt-domain: consul
            datacenter: "eu-1"
            node: server01
            advertise: 10.11.97.181
            docker: off
            data-dir: memory
            name-policy: allow
            zones: /etc/berth/zones
            dns-service-ttl:
              web: 10s
              "db*": 1h30m
            dns-node-ttl: 0
            dns-negative-ttl: 5m
            dns-order:
              - weighted
              - "db*=stable"
            recursor:
              - 10.0.0.53
              - "[fd00::53]:5353"
              - resolv.conf
            allow-recursion: [loopback, 10.0.0.0/8, "fd00::/8"]
            check-targets: [10.0.0.0/8, "::1"]
            check-flap-limit: 5
            check-flap-window: 10m
            enable-script-checks: on
            template:
              - a.ctmpl:a.conf
              - source: C:/b.ctmpl
                destination: b:1.conf
                command: nginx -s reload
            template-check: nginx -t -c {}
            log-level: trace
            log-format: json
            """
        let settings = try withFile(text) { try Settings(file: $0) }

        var expected = Settings()
        expected.listen.addresses = [.v4(0), .v6(high: 0, low: 1)]
        expected.listen.dnsPort = 53
        expected.listen.httpPort = 0
        expected.http.connections = 50
        expected.http.connectionsPerClient = 0
        expected.http.headerSize = 8192
        expected.http.uriSize = 1024
        expected.http.bodySize = 16_777_216
        expected.http.valueSize = 1024
        expected.http.snapshotSize = 5_000_000_000
        expected.dns.udpSize = 4096
        expected.dns.answerLimit = 8
        expected.dns.rateLimit = 200
        expected.dns.identity = "berth 1, rack é"
        expected.dns.spin = .on
        expected.dns.segments = .on
        expected.identity.domain = try DomainName(text: "example.internal")
        expected.identity.alternativeDomain = try DomainName(text: "consul")
        expected.identity.datacenter = "eu-1"
        expected.identity.node = try NodeName("server01")
        expected.identity.advertise = .v4(0x0a0b_61b5)
        expected.docker = .off
        expected.storage = .memory
        expected.namePolicy = .allow
        expected.checks.targets = [try #require(IPPrefix("10.0.0.0/8")), try #require(IPPrefix("::1"))]
        expected.checks.flapLimit = 5
        expected.checks.flapWindow = 600
        expected.checks.scripts = .on
        expected.zonesDirectory = "/etc/berth/zones"
        expected.dns.timesToLive.services = [
            OfService("web", 10), OfService("db*", 5400),
        ]
        expected.dns.timesToLive.node = 0
        expected.dns.timesToLive.negative = 300
        expected.dns.orders = [OfService("*", .weighted), OfService("db*", .stable)]
        expected.recursion.recursors = [
            .server(try #require(ServerAddress(.v4(0x0a00_0035)))),
            .server(try #require(ServerAddress(.v6(high: 0xfd00 << 48, low: 0x53), port: 5353))), .resolvConf,
        ]
        expected.recursion.clients = [
            .loopback, .network(try #require(IPPrefix("10.0.0.0/8"))), .network(try #require(IPPrefix("fd00::/8"))),
        ]
        expected.templates.files = [
            TemplateFile(source: "a.ctmpl", destination: "a.conf"),
            TemplateFile(source: "C:/b.ctmpl", destination: "b:1.conf", command: "nginx -s reload"),
        ]
        expected.templates.check = "nginx -t -c {}"
        expected.log.level = .trace
        expected.log.format = .json
        #expect(settings == expected)
    }

    @Test func `flags win over the file, a list as a whole`() throws {
        let text = "listen: [10.0.0.1, 10.0.0.2]\ndns-port: 53\ndomain: example\n"
        let settings = try withFile(text) {
            try Settings(file: $0, flags: [.listen: ["10.0.0.3"], .dnsPort: ["5353"]])
        }
        #expect(settings.listen.addresses == [.v4(0x0a00_0003)])
        #expect(settings.listen.dnsPort == 5353)
        #expect(settings.texts(of: .domain) == ["example"])
    }

    @Test(arguments: [
        ("dns-service-ttl: web=5s", ["web=5s"]), ("dns-service-ttl: [web=5s, \"*=1m5s\"]", ["web=5s", "*=65s"]),
        ("dns-service-ttl: {WEB: 0s}", ["WEB=0s"]), ("dns-service-ttl:", []), ("dns-service-ttl: []", []),
    ])
    func `times to live of services are a list or a map`(_ text: String, _ expected: [String]) throws {
        let settings = try withFile(text) { try Settings(file: $0) }
        #expect(settings.texts(of: .dnsServiceTTL) == expected)
    }

    @Test(arguments: [
        ("dns-order: stable", ["*=stable"]), ("dns-order: web=weighted", ["web=weighted"]),
        ("dns-order: [random, Web*=stable]", ["*=random", "Web*=stable"]),
        ("dns-order: {web: stable, \"*\": weighted}", ["web=stable", "*=weighted"]), ("dns-order:", []),
    ])
    func `orders of services are one for all, a list or a map`(_ text: String, _ expected: [String]) throws {
        let settings = try withFile(text) { try Settings(file: $0) }
        #expect(settings.texts(of: .dnsOrder) == expected)
    }

    @Test func `one address needs no list`() throws {
        let settings = try withFile("listen: 10.0.0.1\n") { try Settings(file: $0) }
        #expect(settings.listen.addresses == [.v4(0x0a00_0001)])
    }

    @Test func `a key with nothing behind it leaves the choice to the host`() throws {
        let settings = try withFile("node:\nadvertise: ~\ntemplate-check: null\n") { try Settings(file: $0) }
        #expect(settings == Settings())
    }

    @Test(
        arguments: [
            ("a.ctmpl:/etc/a.conf", "a.ctmpl", "/etc/a.conf", nil),
            ("a:b:", "a", "b", nil),
            ("a:b:/usr/sbin/nginx -s reload", "a", "b", "/usr/sbin/nginx -s reload"),
            ("a:b:curl -X PUT http://127.0.0.1:8080/reload", "a", "b", "curl -X PUT http://127.0.0.1:8080/reload"),
            ("a:b::", "a", "b", ":"),
            ("./my file.ctmpl:out dir/x:echo a:b", "./my file.ctmpl", "out dir/x", "echo a:b"),
        ] as [(String, String, String, String?)])
    func `a template's command is all after the second colon`(
        _ text: String, _ source: String, _ destination: String, _ command: String?
    ) throws {
        let settings = try Settings(flags: [.template: [text]])
        let file = TemplateFile(source: source, destination: destination, command: command)
        #expect(settings.templates.files == [file])
    }

    @Test(arguments: [
        ("off", DockerSource.off),
        ("unix:///run/user/1000/docker.sock", .unix(path: "/run/user/1000/docker.sock")),
        ("tcp://docker.internal", .tcp(host: "docker.internal", port: 2375)),
        ("tcp://10.0.0.1:2376/", .tcp(host: "10.0.0.1", port: 2376)),
        ("tcp://[fd00::1]:2375", .tcp(host: "fd00::1", port: 2375)),
        ("tcp://[fd00::1]", .tcp(host: "fd00::1", port: 2375)),
    ])
    func `Docker is a socket, a host or off`(_ text: String, _ source: DockerSource) throws {
        let settings = try Settings(flags: [.docker: [text]])
        #expect(settings.docker == source)
        #expect(DockerSource(source.description) == source)
    }

    @Test func `differences name the keys that changed`() throws {
        let flags: [SettingsKey: [String]] = [.domain: ["lab"], .logLevel: ["debug"], .template: ["a:b"]]
        #expect(try Settings(flags: flags).differences(from: Settings()) == [.domain, .template, .logLevel])
        #expect(Settings().differences(from: Settings()).isEmpty)
    }
}

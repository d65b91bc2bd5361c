import Settings
import Testing

@Suite struct `Values that are refused` {
    /// The problems with a file, each as it is shown, without the file's directory.
    private func problems(_ text: String, flags: [SettingsKey: [String]] = [:]) throws -> [String] {
        try withFile(text) { path in
            do throws(SettingsError) {
                _ = try Settings(file: path, flags: flags)
                return []
            } catch {
                return error.problems.map { $0.description.replacing(path, with: "berth.yaml") }
            }
        }
    }

    @Test func `a folder of zone files that is a file`() throws {
        #expect(
            try problems("zones: /etc/passwd") == [
                "berth.yaml:1: zones: must be the path of a folder; \"/etc/passwd\" is a file"
            ])
        #expect(try problems("zones: /etc") == [])
    }

    @Test(arguments: [
        ("dns-port: http", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not \"http\""),
        ("dns-port: 65536", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not \"65536\""),
        ("dns-port: -1", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not \"-1\""),
        ("dns-port: 8.6e3", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not \"8.6e3\""),
        ("dns-port: \"8600\"", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not the text \"8600\""),
        ("dns-port: [8600]", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not a list"),
        ("dns-port:", "berth.yaml:1: dns-port: must be a whole number from 0 to 65535, not nothing"),
        ("dns-udp-size: 511", "berth.yaml:1: dns-udp-size: must be a whole number from 512 to 4096, not \"511\""),
        ("dns-udp-size: 4097", "berth.yaml:1: dns-udp-size: must be a whole number from 512 to 4096, not \"4097\""),
        (
            "dns-answer-limit: -1",
            "berth.yaml:1: dns-answer-limit: must be a whole number from 0 to 1000000, not \"-1\""
        ),
        (
            "http-connections: 0",
            "berth.yaml:1: http-connections: must be a whole number from 1 to 1000000, not \"0\""
        ),
        (
            "http-connections-per-client: -1",
            "berth.yaml:1: http-connections-per-client: must be a whole number from 0 to 1000000, not \"-1\""
        ),
        (
            "http-header-size: 100",
            "berth.yaml:1: http-header-size: must be a whole number from 8192 to 1048576, not \"100\""
        ),
        (
            "http-uri-size: 70000",
            "berth.yaml:1: http-uri-size: must be a whole number from 1024 to 65536, not \"70000\""
        ),
        (
            "http-body-size: 1MB",
            "berth.yaml:1: http-body-size: must be a whole number from 1024 to 16777216, not \"1MB\""
        ),
        ("kv-value-size: 1", "berth.yaml:1: kv-value-size: must be a whole number from 1024 to 16777216, not \"1\""),
        ("dns-rate-limit: no", "berth.yaml:1: dns-rate-limit: must be a whole number from 0 to 1000000, not \"no\""),
        ("dns-identity: \"\"", "berth.yaml:1: dns-identity: must be a line of at most 255 octets, not \"\""),
        ("listen: localhost", "berth.yaml:1: listen: must be an IPv4 or IPv6 address, not \"localhost\""),
        ("listen: [[127.0.0.1]]", "berth.yaml:1: listen: must be an IPv4 or IPv6 address, not a list"),
        ("listen: []", "berth.yaml:1: listen: must name at least one address"),
        ("listen: [\"::1\", \"0:0:0:0:0:0:0:1\"]", "berth.yaml:1: listen: ::1 is listed twice"),
        ("listen: [127.0.0.1, 0.0.0.0]", "berth.yaml:1: listen: 0.0.0.0 covers 127.0.0.1 already; keep one of them"),
        (#"listen: [0.0.0.0, "::"]"#, "berth.yaml:1: listen: :: covers 0.0.0.0 already; keep one of them"),
        ("advertise: 10.0.0.300", "berth.yaml:1: advertise: must be an IPv4 or IPv6 address, not \"10.0.0.300\""),
        (
            "advertise: \"::\"",
            "berth.yaml:1: advertise: must be an address that others reach this host under, not \"::\""
        ),
        ("domain: {a: b}", "berth.yaml:1: domain: must be a domain name, not a map"),
        ("domain: .", "berth.yaml:1: domain: must be below the root, which \".\" is"),
        (
            "domain: a..b",
            "berth.yaml:1: domain: must have one dot between names and none before them, unlike \"a..b\""
        ),
        (
            "domain: .a",
            "berth.yaml:1: domain: must have one dot between names and none before them, unlike \".a\""
        ),
        (
            "docker: /var/run/docker.sock",
            "berth.yaml:1: docker: must be unix:///PATH, tcp://HOST[:PORT] or off, not \"/var/run/docker.sock\""
        ),
        (
            "docker: tcp://:2375",
            "berth.yaml:1: docker: must be unix:///PATH, tcp://HOST[:PORT] or off, not \"tcp://:2375\""
        ),
        (
            "docker: tcp://host:0",
            "berth.yaml:1: docker: must be unix:///PATH, tcp://HOST[:PORT] or off, not \"tcp://host:0\""
        ),
        (
            "docker: tcp://[10.0.0.1]",
            "berth.yaml:1: docker: must be unix:///PATH, tcp://HOST[:PORT] or off, not \"tcp://[10.0.0.1]\""
        ),
        (
            "docker: unix://run/docker.sock",
            "berth.yaml:1: docker: must be unix:///PATH, tcp://HOST[:PORT] or off, not \"unix://run/docker.sock\""
        ),
        (
            "dns-node-ttl: 10",
            "berth.yaml:1: dns-node-ttl: must be a duration in whole seconds, such as 10s, 5m or 1h30m, not \"10\""
        ),
        (
            "dns-negative-ttl: 500ms",
            "berth.yaml:1: dns-negative-ttl: must be a duration in whole seconds, such as 10s, 5m or 1h30m, not \"500ms\""
        ),
        (
            "dns-node-ttl: 2147483648s",
            "berth.yaml:1: dns-node-ttl: must be a duration in whole seconds, such as 10s, 5m or 1h30m, not \"2147483648s\""
        ),
        (
            "dns-service-ttl: web",
            "berth.yaml:1: dns-service-ttl: must be NAME=DURATION, such as web=10s or db*=1m, not \"web\""
        ),
        (
            "dns-service-ttl: {a*b: 1s}",
            "berth.yaml:1: dns-service-ttl: must be for a service's name, the start of one and *, or * alone, not for \"a*b\""
        ),
        (
            "dns-service-ttl: [web=1s, WEB=2s]",
            "berth.yaml:1: dns-service-ttl: \"WEB\" is given twice; keep one of them"
        ),
        (
            "{domain: lab, alt-domain: eu.lab}",
            "berth.yaml:1: alt-domain: must be a domain beside lab., neither above nor below it"
        ),
        (
            "alt-domain: Consul.",
            "berth.yaml:1: alt-domain: must be a domain beside consul., neither above nor below it"
        ),
        (
            "dns-order: rand", "berth.yaml:1: dns-order: must be random, weighted or stable, not \"rand\""
        ),
        (
            "dns-order: [a.b=stable]",
            "berth.yaml:1: dns-order: must be for a service's name, the start of one and *, or * alone, not for \"a.b\""
        ),
        ("dns-order: [stable, weighted]", "berth.yaml:1: dns-order: \"*\" is given twice; keep one of them"),
        ("data-dir: \"\"", "berth.yaml:1: data-dir: must be the path of a folder, not \"\""),
        ("name-policy: Allow", "berth.yaml:1: name-policy: must be reject, rewrite or allow, not \"Allow\""),
        (
            "log-level: verbose",
            "berth.yaml:1: log-level: must be trace, debug, info, notice, warning or error, not \"verbose\""
        ),
        ("log-format: [json]", "berth.yaml:1: log-format: must be text or json, not a list"),
        (
            "recursor: dns.example",
            "berth.yaml:1: recursor: must be ADDRESS[:PORT] of a DNS server or resolv.conf, not \"dns.example\""
        ),
        (
            "recursor: [\"10.0.0.1:0\"]",
            "berth.yaml:1: recursor: must be ADDRESS[:PORT] of a DNS server or resolv.conf, not \"10.0.0.1:0\""
        ),
        (
            "check-targets: everywhere",
            "berth.yaml:1: check-targets: must be an address or a network such as 10.0.0.0/8, not \"everywhere\""
        ),
        ("check-flap-limit: 101", "berth.yaml:1: check-flap-limit: must be a whole number from 0 to 100, not \"101\""),
        ("check-flap-window: 0s", "berth.yaml:1: check-flap-window: must be at least 1s, not \"0s\""),
        ("enable-script-checks: maybe", "berth.yaml:1: enable-script-checks: must be on or off, not \"maybe\""),
        (
            "allow-recursion: all",
            "berth.yaml:1: allow-recursion: must be loopback, docker or a network such as 10.0.0.0/8, not \"all\""
        ),
        (
            "allow-recursion: 0.0.0.0/0",
            "berth.yaml:1: allow-recursion: must not let the whole Internet in, as \"0.0.0.0/0\" does; "
                + "name the networks of your clients"
        ),
        (
            "allow-recursion: [\"::/0\"]",
            "berth.yaml:1: allow-recursion: must not let the whole Internet in, as \"::/0\" does; "
                + "name the networks of your clients"
        ),
        ("template: nginx.ctmpl", "berth.yaml:1: template: must be IN:OUT or IN:OUT:COMMAND, not \"nginx.ctmpl\""),
        ("template: [\":out\"]", "berth.yaml:1: template: must be IN:OUT or IN:OUT:COMMAND, not \":out\""),
        ("template: [[a, b]]", "berth.yaml:1: template: must be IN:OUT or IN:OUT:COMMAND or a map, not a list"),
        ("http-port: 8600", "berth.yaml:1: http-port: must differ from dns-port, which is 8600 too"),
        ("template: [a:x, b:x]", "berth.yaml:1: template: two templates write \"x\"; each file needs one of its own"),
    ])
    func `one wrong value is one sentence`(_ text: String, _ problem: String) throws {
        #expect(try problems(text) == [problem])
    }

    @Test(arguments: [
        ("datacenter: my_dc", "berth.yaml:1: datacenter: name \"my_dc\" cannot be a DNS label", "use \"my-dc\""),
        (
            "node: server_01.example", "berth.yaml:1: node: name \"server_01\" cannot be a DNS label",
            "use \"server-01\""
        ),
        ("domain: my_lab.internal", "berth.yaml:1: domain: name \"my_lab\" cannot be a DNS label", "use \"my-lab\""),
    ])
    func `a name that DNS cannot carry comes with the reason and a suggestion`(
        _ text: String, _ start: String, _ end: String
    ) throws {
        let problem = try #require(try problems(text).first)
        #expect(problem.hasPrefix(start))
        #expect(problem.hasSuffix(end) || problem.contains(end))
    }

    @Test func `a domain leaves room for the longest service`() throws {
        let fits = String(repeating: "a", count: 63) + "." + String(repeating: "b", count: 53)
        #expect(try problems("domain: \(fits)").isEmpty)
        #expect(
            try problems("domain: \(fits)b") == [
                "berth.yaml:1: domain: is too long for the names of services to fit before it; use a shorter one"
            ])
    }

    @Test(arguments: [
        ("dns_port", "dns-port"), ("dnsPort", "dns-port"), ("dsn-port", "dns-port"), ("templates", "template"),
        ("log", "log-level"), ("loglevel", "log-level"), ("listn", "listen"), ("data_dir", "data-dir"),
        ("datacentre", "datacenter"), ("docker-url", "docker"),
    ])
    func `an unknown key comes with the one that was meant`(_ key: String, _ meant: String) throws {
        #expect(
            try problems("# a file\n\(key): 1\n") == [
                "berth.yaml:2: unknown key \"\(key)\"; did you mean \"\(meant)\"?"
            ])
    }

    @Test func `an unknown key that is like no other comes with all keys`() throws {
        let keys = SettingsKey.allCases.map(\.rawValue).joined(separator: ", ")
        #expect(try problems("gossip: 1\n") == ["berth.yaml:1: unknown key \"gossip\"; the keys are \(keys)"])
    }

    @Test func `everything that is wrong is told at once, the file first, each with its line`() throws {
        let text = """
            listen:
              - 127.0.0.1
              - nowhere
              - 10.0.0.256
            dns_port: 53
            domain: consul

            template:
              - nginx.ctmpl
              - source: a.ctmpl
                dest: a.conf
                command: [reload]
            log-level: loud
            """
        #expect(
            try problems(text, flags: [.httpPort: ["http"], .advertise: ["0.0.0.0"]]) == [
                "berth.yaml:3: listen: must be an IPv4 or IPv6 address, not \"nowhere\"",
                "berth.yaml:4: listen: must be an IPv4 or IPv6 address, not \"10.0.0.256\"",
                "berth.yaml:5: unknown key \"dns_port\"; did you mean \"dns-port\"?",
                "berth.yaml:9: template: must be IN:OUT or IN:OUT:COMMAND, not \"nginx.ctmpl\"",
                "berth.yaml:11: template: unknown key \"dest\"; did you mean \"destination\"?",
                "berth.yaml:12: template: command must be a command, not a list",
                "berth.yaml:10: template: destination is missing",
                "berth.yaml:13: log-level: must be trace, debug, info, notice, warning or error, not \"loud\"",
                "--http-port: must be a whole number from 0 to 65535, not \"http\"",
                "--advertise: must be an address that others reach this host under, not \"0.0.0.0\"",
            ])
    }

    @Test func `a repeated key hides nothing else that is wrong`() throws {
        let text = """
            # comment
            dns-port: http
            domain: lab
            colour: red
            dns-port: 70000
            domain: lab
            template:
              - source: a
                destination: b
                source: c
            dns-port: 53
            """
        #expect(
            try problems(text) == [
                "berth.yaml:2: dns-port: must be a whole number from 0 to 65535, not \"http\"",
                "berth.yaml:4: unknown key \"colour\"; the keys are "
                    + SettingsKey.allCases.map(\.rawValue).joined(separator: ", "),
                "berth.yaml:5: dns-port: is given a second time; line 2 has it already",
                "berth.yaml:5: dns-port: must be a whole number from 0 to 65535, not \"70000\"",
                "berth.yaml:6: domain: is given a second time; line 3 has it already",
                "berth.yaml:10: template: source is given a second time",
                "berth.yaml:11: dns-port: is given a second time; line 5 has it already",
            ])
    }

    @Test func `a value that a flag replaces is still judged`() throws {
        #expect(try problems("dns-port: x", flags: [.dnsPort: ["53"]]).count == 1)
    }

    @Test(arguments: [
        ("dns-port: 1\ndns-port: 2\n", "berth.yaml:2: dns-port: is given a second time; line 1 has it already"),
        ("\"zones\": a\r\n'zones' : b\n", "berth.yaml:2: zones: is given a second time; line 1 has it already"),
        ("{zones: a, zones: b}", "berth.yaml:1: zones: is given a second time; line 1 has it already"),
        ("a: [1\n", "berth.yaml:2: is not YAML here: did not find expected ',' or ']'"),
        ("dns-port: 1\n\tx: 2\n", "berth.yaml:2: is not YAML here: found a tab character that violates indentation"),
        ("- listen\n", "berth.yaml:1: must be a map of keys, such as \"dns-port: 8600\""),
        ("listen\n", "berth.yaml:1: must be a map of keys, such as \"dns-port: 8600\""),
        ("zones: a\n--- \nzones: b\n", "berth.yaml:2: is not YAML here: but found another document"),
        ("zones: *unknown\n", "berth.yaml:1: is not YAML here: found undefined alias"),
    ])
    func `a file that is no map of keys is told where`(_ text: String, _ problem: String) throws {
        #expect(try problems(text) == [problem])
    }

    @Test func `a file that is not there is told`() {
        #expect(
            throws: SettingsError(problems: [
                SettingsProblem(origin: .file("/nowhere/berth.yaml", line: nil), reason: "there is no such file")
            ])
        ) {
            try Settings(file: "/nowhere/berth.yaml")
        }
    }

    @Test func `a folder is no file`() {
        #expect(
            throws: SettingsError(problems: [
                SettingsProblem(origin: .file("/", line: nil), reason: "cannot be read as a file")
            ])
        ) {
            try Settings(file: "/")
        }
    }

    @Test func `control characters and long values are shown on one short line`() throws {
        let problem = try #require(
            try problems("log-level: \"a\\n\\e[31m\(String(repeating: "b", count: 500))\"").first)
        #expect(problem.count < 250)
        #expect(problem.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
}

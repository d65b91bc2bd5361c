import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The commands that change the agent` {
        private typealias Case = `The commands of Consul's command line`.Case

        private func check(_ cases: [Case], with berth: Berth) async throws {
            try await `The commands of Consul's command line`.check(cases, with: berth)
        }

        @Test func `services are registered and deregistered from files and flags`() async throws {
            try await withTemporaryDirectory { directory in
                for (name, text) in [
                    (
                        "web.json",
                        #"{"service": {"name": "web", "id": "web1", "port": 80, "tags": ["a"], "meta": {"my_key": "v"}}}"#
                    ),
                    (
                        "two.json",
                        """
                        {"node_name": "n", "services": [{"name": "db", "port": 5432, "enable_tag_override": true,
                          "check": {"id": "alive", "ttl": "30s", "success_before_passing": 2}}, {"name": "db2"}]}
                        """
                    ),
                    ("bad.json", "{"), ("wrong.json", #"{"service": {"name": "w", "wrong": 1}}"#), ("empty.json", "{}"),
                    ("folder/b.json", #"{"service": {"name": "fb"}}"#),
                    ("folder/a.json", #"{"service": {"name": "fa"}}"#),
                    ("folder/readme", "no JSON"),
                ] {
                    let file = directory.appending(path: name)
                    try FileManager.default.createDirectory(
                        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try file.write(text)
                }
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await check(
                        [
                            Case("services register web.json", "Registered service: web"),
                            Case(
                                "services register two.json folder",
                                "Registered service: db\nRegistered service: db2\nRegistered service: fa\nRegistered service: fb"
                            ),
                            Case(
                                "services register",
                                err: "Service registration requires at least one argument or flags.",
                                status: 1),
                            Case(
                                "services register -name=api web.json",
                                err: "Service registration requires arguments or -id, not both.", status: 1),
                            Case(
                                "services register none.json",
                                err:
                                    "Error: config: Open failed on none.json. open none.json: no such file or directory",
                                status: 1),
                            Case(
                                "services register bad.json",
                                err:
                                    #"Error: failed to parse bad.json: it must be JSON, an object with "service" or "services""#,
                                status: 1),
                            Case("services register empty.json"),
                            Case(
                                "services register wrong.json",
                                err:
                                    #"Error registering service "w": Unexpected response code: 400 (unknown field "wrong")"#,
                                status: 1),
                            Case(
                                "services register -name=api -port=99 -tag=q -tag r -meta=a=b -address 1.2.3.4 -tagged-address=lan=10.0.0.1:80",
                                "Registered service: api"),
                            Case(
                                "services register -name=z -meta=nope",
                                err: #"invalid value "nope" for flag -meta: Missing "=" value in argument: nope"#,
                                status: 1),
                            Case("services register -json -name other", "[\n    \"other\"\n]"),
                            Case("catalog services -tags", "api    q,r\ndb\ndb2\nfa\nfb\nother\nweb    a"),
                            Case("services deregister -id=web1", "Deregistered service: web1"),
                            Case("services deregister two.json", "Deregistered service: db\nDeregistered service: db2"),
                            Case(
                                "services deregister",
                                err: "Service deregistration requires at least one argument or -id.",
                                status: 1),
                            Case(
                                "services deregister -id=a web.json",
                                err: "Service deregistration requires arguments or -id, not both.", status: 1),
                            Case("catalog services", "api\nfa\nfb\nother"),
                        ], with: berth)
                    let api = try await berth.http.get("/v1/agent/service/api").body
                    for part in [
                        #""Port":99"#, #""Address":"1.2.3.4""#, #""a":"b""#, #""lan":{"Address":"10.0.0.1","Port":80}"#,
                    ] {
                        #expect(api.contains(part), "\(api)")
                    }
                    let input = try directory.appending(path: "two.json").text()
                    let piped = try await berth.command("services register -", input: input)
                    #expect(piped.out == "Registered service: db\nRegistered service: db2\n")
                    let checks = try await berth.http.get("/v1/agent/checks").body
                    #expect(checks.contains(#""CheckID":"alive""#), "\(checks)")
                    let web = try await berth.command("services register web.json")
                    #expect(web.status == 0)
                    #expect(try await berth.http.get("/v1/agent/service/web1").body.contains(#""my_key":"v""#))
                }
            }
        }

        @Test func `a deregistration of what is not there ends as the API says`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let answer = try await berth.command("services deregister -id=nope")
                    let said = try await berth.http.put("/v1/agent/service/deregister/nope")
                    #expect((answer.status == 0) == (said.status == 200), "\(answer.text)")
                }
            }
        }

        @Test func `maintenance is begun, shown and ended in Consul's words`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.command("services register -name=web -id=web1").status == 0)
                    try await check(
                        [
                            Case("maint"), Case("maint -enable -reason=because", "Node maintenance is now enabled"),
                            Case("maint", "Node:\n  Name:   server01\n  Reason: because\n"),
                            Case(
                                "maint -enable -service=web1 -reason=r2",
                                #"Service maintenance is now enabled for "web1""#),
                            Case(
                                "maint",
                                "Node:\n  Name:   server01\n  Reason: because\n\nService:\n  ID:     web1\n  Reason: r2\n"
                            ),
                            Case("maint -disable", "Node maintenance is now disabled"),
                            Case(
                                "maint --json",
                                """
                                [
                                    {
                                        "Node": "server01",
                                        "ServiceID": "web1",
                                        "Reason": "r2"
                                    }
                                ]
                                """),
                            Case("maint -disable -service=web1", #"Service maintenance is now disabled for "web1""#),
                            Case(
                                "maint -enable -disable", err: "Only one of -enable or -disable may be provided",
                                status: 1),
                            Case("maint -reason=x", err: "Reason may only be provided with -enable", status: 1),
                            Case("maint -service=nope", err: "Service requires either -enable or -disable", status: 1),
                            Case(
                                "maint -enable -service=nope",
                                err:
                                    #"Error enabling service maintenance: Unexpected response code: 404 (No service registered with ID "nope")"#,
                                status: 1),
                            Case("maint"),
                        ], with: berth)
                }
            }
        }

        @Test func `an event is sent, and its id is told`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let sent = try await berth.command("event -name=deploy payload")
                    let id = try #require(sent.out.firstMatch(of: /^Event ID: ([0-9a-f-]{36})\n$/)).output.1
                    let list = try await berth.http.get("/v1/event/list?name=deploy").body
                    #expect(list.contains(id) && list.contains("cGF5bG9hZA=="), "\(list)")
                    for (line, beginning) in [
                        ("event", "Event name must be specified\n\nOVERVIEW: "),
                        ("event -name=foo a b", "Too many command line arguments.\n\nOVERVIEW: "),
                        ("event -name=foo -tag=x", "Cannot provide tag filter without service filter.\n"),
                        ("event -name=foo -node=[", "Error firing event: Unexpected response code: 400 ("),
                    ] {
                        let answer = try await berth.command(line)
                        #expect(answer.status == 1 && answer.err.hasPrefix(beginning), "\(line): \(answer.err)")
                    }
                }
            }
        }

        @Test func `keys that were exported are imported elsewhere as they were`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.http.put("/v1/kv/x/1?flags=7", "one \u{1b} \"").status == 200)
                    #expect(try await berth.http.put("/v1/kv/x/%C3%BC%20%22", "").status == 200)
                    let exported = try await berth.command("kv export x/").out
                    #expect(
                        exported == """
                            [
                            \t{
                            \t\t"key": "x/1",
                            \t\t"flags": 7,
                            \t\t"value": "b25lIBsgIg=="
                            \t},
                            \t{
                            \t\t"key": "x/ü \\"",
                            \t\t"flags": 0,
                            \t\t"value": ""
                            \t}
                            ]

                            """)
                    #expect(try await berth.command("kv delete -recurse x/").status == 0)
                    let imported = try await berth.command("kv import -", input: exported)
                    #expect(imported.text == "Imported: x/1\nImported: x/ü \"\n")
                    #expect(try await berth.command("kv export x/").out == exported)
                    try directory.appending(path: "i.json").write(#"[{"key": "i", "value": "aGVsbG8="}]"#)
                    try directory.appending(path: "bad.json").write(
                        #"[{"key": "j", "value": ""}, {"key": "k", "value": "!"}]"#)
                    try await check(
                        [
                            Case("kv export nope", "[]"), Case("kv import @i.json", "Imported: i"),
                            Case("kv get i", "hello"),
                            Case(
                                "kv import @bad.json",
                                err: "Error base 64 decoding value for key k: illegal base64 data",
                                status: 1),
                            Case("kv get j", err: "Error! No key exists at: j", status: 1),
                            Case("kv import", err: "Error! Missing DATA argument", status: 1),
                            Case("kv import a b", err: "Error! Too many arguments (expected 1, got 2)", status: 1),
                            Case("kv export x y", err: "Too many arguments (expected 1, got 2)", status: 1),
                        ], with: berth)
                    let cut = try await berth.command("kv import {")
                    #expect(cut.status == 1 && cut.err.hasPrefix("Cannot unmarshal data: "), "\(cut.err)")
                }
            }
        }

        @Test func `configuration files are checked without a server`() async throws {
            try await withTemporaryDirectory { directory in
                for (name, text) in [
                    ("good.yaml", "datacenter: lab\n"), ("bad.yaml", "log-level: verbose\nports: 1\n"),
                    ("folder/a.yml", "node: a\n"), ("folder/b.txt", "{"), ("none/x.txt", ""),
                ] {
                    let file = directory.appending(path: name)
                    try FileManager.default.createDirectory(
                        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try file.write(text)
                }
                let path = try Berth.executable.path
                for (line, status, beginning) in [
                    ("validate good.yaml", 0, "Configuration is valid!\n"),
                    ("validate folder", 0, "Configuration is valid!\n"),
                    ("validate -quiet good.yaml", 0, ""),
                    ("validate", 1, "Must specify at least one config file or directory\n"),
                    (
                        "validate good.yaml bad.yaml", 1,
                        "Config validation failed: bad.yaml:1: log-level: must be trace"
                    ),
                    ("validate none", 1, "Config validation failed: none has no file that ends in .yaml or .yml\n"),
                    ("validate no.yaml", 1, "Config validation failed: "), ("validate -json good.yaml", 0, "[]\n"),
                ] as [(String, Int32, String)] {
                    let words = line.split(separator: " ").map(String.init)
                    let answer = try await Tool.env.run(["-C", directory.path, path] + words)
                    #expect(answer.status == status, "\(line): \(answer.text)")
                    let isRight = beginning.isEmpty ? answer.text.isEmpty : answer.text.hasPrefix(beginning)
                    #expect(isRight, "\(line): \(answer.text)")
                }
            }
        }

        @Test func `what became of a service is explained in lines`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(
                        try await berth.command(
                            "services register -name=web -id=web1 -address=10.0.0.7 -port=80 -tag=a"
                        ).status == 0)
                    let text = try await berth.command("explain web").out
                    let beginning = """
                        service web
                          instance web1 on server01, at 10.0.0.7:80, tags a: passing
                            registered over HTTP
                          in DNS

                        """
                    #expect(text.hasPrefix(beginning), "\(text)")
                    #expect(text.contains("  try dig @127.0.0.1 -p \(berth.ports.dns) web.service.consul"), "\(text)")
                    #expect(try await berth.command("explain --json web").out.hasPrefix("{\n    \"containers\": [],"))
                    let unknown = try await berth.command("explain webb")
                    #expect(unknown.status == 1)
                    #expect(unknown.err.hasPrefix("no service \"webb\" is registered"), "\(unknown.err)")
                    #expect(try await berth.command("explain").err.hasPrefix("Name one service"))
                }
            }
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The commands of Consul's command line` {
        /// What a command is to say; texts and statuses are those of Consul 1.8.
        struct Case: Sendable {
            let line: String
            let out: String
            let err: String
            let status: Int32

            init(_ line: String, _ out: String = "", err: String = "", status: Int32 = 0) {
                self.line = line
                self.out = out
                self.err = err
                self.status = status
            }
        }

        static func check(_ cases: [Case], with berth: Berth) async throws {
            for each in cases {
                let answer = try await berth.command(each.line)
                #expect(answer.out == (each.out.isEmpty ? "" : each.out + "\n"), "\(each.line)")
                #expect(answer.err == (each.err.isEmpty ? "" : each.err + "\n"), "\(each.line)")
                #expect(answer.status == each.status, "\(each.line)")
            }
        }

        @Test func `a result that cannot be written is a failure`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.http.put("/v1/kv/x", "5").status == 200)
                    let path = try Berth.executable.path
                    for line in ["kv export", "kv get x", "kv get -keys x", "members", "info --json", "version"] {
                        let answer = try await Tool.env.run([
                            "BERTH_HTTP_ADDR=127.0.0.1:\(berth.ports.http)", "sh", "-c", "\(path) \(line) > /dev/full",
                        ])
                        #expect(answer.status == 1, "\(line)")
                        #expect(answer.err == "Standard output cannot be written: No space left on device\n")
                    }
                }
            }
        }

        @Test func `keys are written, read and removed in Consul's words`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "value").write("from a file\n")
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await Self.check(
                        [
                            Case("kv put a 5", "Success! Data written to: a"),
                            Case("kv get a", "5"), Case("kv get /a", "5"), Case("kv get --base64 a", "NQ=="),
                            Case("kv put b", "Success! Data written to: b"),
                            Case("kv get nope", err: "Error! No key exists at: nope", status: 1),
                            Case("kv get", err: "Error! Missing KEY argument", status: 1),
                            Case("kv get a b", err: "Too many arguments (expected 1, got 2)", status: 1),
                            Case("kv put", err: "Error! Missing KEY argument", status: 1),
                            Case("kv put a b c", err: "Error! Too many arguments (expected 1 or 2, got 3)", status: 1),
                            Case("kv put -flags=42 d/x xx", "Success! Data written to: d/x"),
                            Case("kv put d/sub/z -5", "Success! Data written to: d/sub/z"),
                            Case("kv get -recurse d", "d/sub/z:-5\nd/x:xx"), Case("kv get -recurse nope"),
                            Case("kv get -recurse -base64 d/x", "d/x:eHg="),
                            Case("kv get -keys d/", "d/sub/\nd/x"), Case("kv get -keys -separator= d/", "d/sub/z\nd/x"),
                            Case("kv get -keys nope"), Case("kv put -base64 e aGVsbG8=", "Success! Data written to: e"),
                            Case("kv get e", "hello"), Case("kv put f @value", "Success! Data written to: f"),
                            Case("kv get f", "from a file\n"),
                            Case(
                                "kv put f @none",
                                err: "Error! Failed to read file: open none: no such file or directory",
                                status: 1),
                            Case("kv put -cas a 6", err: "Must specify -modify-index with -cas!", status: 1),
                            Case(
                                "kv put -cas -modify-index=1 a 6", err: "Error! Did not write to a: CAS failed",
                                status: 1),
                            Case("kv put -cas -modify-index=0 new 6", "Success! Data written to: new"),
                            Case(
                                "kv put -cas -modify-index=0 new 7", err: "Error! Did not write to new: CAS failed",
                                status: 1),
                            Case(
                                "kv put -acquire h v",
                                err: "Error! Missing -session (required with -acquire and -release)",
                                status: 1),
                            Case(
                                "kv put /h v",
                                err: "Error! Failed writing data: Invalid key. Key must not begin with a '/': /h",
                                status: 1),
                            Case("kv delete", err: "Error! Missing KEY argument", status: 1),
                            Case("kv delete a b", err: "Too many arguments (expected 1, got 2)", status: 1),
                            Case("kv delete -cas a", err: "Must specify -modify-index with -cas!", status: 1),
                            Case(
                                "kv delete -modify-index=4 a", err: "Cannot specify -modify-index without -cas!",
                                status: 1),
                            Case(
                                "kv delete -cas -modify-index=3 -recurse a",
                                err: "Cannot specify both -cas and -recurse!",
                                status: 1),
                            Case(
                                "kv delete -cas -modify-index=1 a", err: "Error! Did not delete key a: CAS failed",
                                status: 1),
                            Case("kv delete a", "Success! Deleted key: a"),
                            Case("kv delete a", "Success! Deleted key: a"),
                            Case("kv delete -recurse d", "Success! Deleted keys with prefix: d"),
                            Case("kv get -keys", "b\ne\nf\nnew"), Case("kv get -json -keys nope", "[]"),
                            Case("kv get --json --keys n", "[\n    \"new\"\n]"), Case("kv put --json j 1", "true"),
                        ], with: berth)
                    #expect(try await berth.command("kv put p -", input: "piped").status == 0)
                    #expect(try await berth.command("kv get p").out == "piped\n")
                    #expect(try await berth.command("kv get b").out == "\n")
                    let details = try await berth.command("kv get -detailed e").out
                    #expect(
                        details.contains(
                            /^CreateIndex      \d+\nFlags            0\nKey              e\nLockIndex        0\nModifyIndex      \d+\nSession          -\nValue            hello\n$/
                        ), "\(details)")
                }
            }
        }

        @Test func `a key is locked and unlocked with a session`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    struct Session: Decodable { let ID: String }
                    var ids: [String] = []
                    for _ in 0..<2 {
                        ids.append(try await berth.http.put("/v1/session/create").decoded(as: Session.self).ID)
                    }
                    try await Self.check(
                        [
                            Case("kv put -acquire -session=\(ids[0]) h v", "Success! Lock acquired on: h"),
                            Case(
                                "kv put -acquire -session=\(ids[1]) h v", err: "Error! Did not acquire lock", status: 1),
                            Case(
                                "kv put -release -session=\(ids[1]) h v", err: "Error! Did not release lock", status: 1),
                            Case("kv put -release -session \(ids[0]) h v", "Success! Lock released on: h"),
                        ], with: berth)
                }
            }
        }

        @Test func `members, catalog and figures are listed as Consul lists them`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let body = #"{"Name": "web", "ID": "web1", "Port": 80, "Tags": ["b", "a"]}"#
                    #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                    let nodes = try await berth.http.get("/v1/catalog/nodes").body
                    let id = try #require(nodes.firstMatch(of: /"ID":"([^"]+)"/)).output.1
                    try await Self.check(
                        [
                            Case(
                                "members",
                                """
                                Node      Address         Status  Type    Build  Protocol  DC   Segment
                                server01  127.0.0.1:8301  alive   server  0.1.0  2         dc1  <all>
                                """),
                            Case("members -status=left", status: 2),
                            Case(
                                "members -status ^al extra",
                                try await berth.command("members").out.dropLast().description),
                            Case("catalog datacenters", "dc1"),
                            Case("catalog datacenters x", err: "Too many arguments (expected 0, got 1)", status: 1),
                            Case(
                                "catalog nodes",
                                "Node      ID        Address    DC\nserver01  \(id.prefix(8))  127.0.0.1  dc1"),
                            Case(
                                "catalog nodes -service=web",
                                "Node      ID        Address    DC\nserver01  \(id.prefix(8))  127.0.0.1  dc1"),
                            Case(
                                "catalog nodes -service=nope",
                                err: "No nodes match the given query - try expanding your search."),
                            Case(
                                "catalog nodes -node-meta a=b",
                                err: "No nodes match the given query - try expanding your search."),
                            Case("catalog services", "web"),
                            Case("catalog services -node=server01", "web"),
                            Case("catalog services -tags", "web  a,b"),
                            Case(
                                "catalog services -node=nope",
                                err: "No services match the given query - try expanding your search."),
                            Case("catalog services x", err: "Too many arguments (expected 0, got 1)", status: 1),
                            Case("version", "Berth v0.1.0"),
                            Case("version -format=json", "{\n    \"Version\": \"0.1.0\"\n}"),
                            Case("version -format=x", err: "Unknown format: x", status: 1),
                        ], with: berth)
                    let info = try await berth.command("info").out
                    #expect(info.hasPrefix("agent:\n\tchecks = 0\n\tservices = 1\nbuild:\n"), "\(info)")
                    #expect(try await berth.command("info -json").out.contains("        \"NodeName\": \"server01\""))
                    let filter = try await berth.command("catalog nodes -filter=bad")
                    #expect(filter.status == 1)
                    #expect(
                        filter.err.hasPrefix("Error listing nodes: Unexpected response code: 400 ("), "\(filter.err)")
                }
            }
        }

        @Test func `wrong uses end as Consul's do, and say what is right`() async throws {
            let path = try Berth.executable.path
            for (line, status, beginning) in [
                ("nosuch", 127, "berth: there is no command \"nosuch\""),
                ("memebrs", 127, "berth: there is no command \"memebrs\"; did you mean members?"),
                ("kv", 1, "OVERVIEW: Read and write keys and values."), ("kv nosuch", 1, "Error: "),
                ("members -nosuch", 1, "Error: Unknown option '--nosuch'"),
                ("kv put -flags=x a b", 1, "Error: The value 'x' is invalid for '--flags"),
                ("catalog services -namespace=other", 1, "Error: there is no namespace other"),
                (
                    "members -http-addr=127.0.0.1:1", 1,
                    "Error retrieving members: nothing answers at 127.0.0.1:1 (connection refused): start berth serve"
                ),
                ("members -http-addr=ftp://x", 1, "Error retrieving members: the address \"ftp://x\" begins with ftp"),
                ("members -status=[", 1, "Failed to compile status regexp: "),
            ] as [(String, Int32, String)] {
                let answer = try await Tool.env.run([path] + line.split(separator: " ").map(String.init))
                #expect(answer.status == status, "\(line)")
                #expect(answer.out == "", "\(line)")
                #expect(answer.err.hasPrefix(beginning), "\(line): \(answer.err)")
            }
        }

        @Test func `Consul's variables are obeyed, and Berth's address before Consul's`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let path = try Berth.executable.path
                    let address = "127.0.0.1:\(berth.ports.http)"
                    for variables in [
                        ["CONSUL_HTTP_ADDR=\(address)"], ["CONSUL_HTTP_ADDR=http://\(address)"],
                        ["CONSUL_HTTP_ADDR=127.0.0.1:1", "BERTH_HTTP_ADDR=\(address)"],
                    ] {
                        let answer = try await Tool.env.run(variables + [path, "catalog", "datacenters"])
                        #expect(answer.text == "dc1\n", "\(variables)")
                    }
                    let flag = try await Tool.env.run(
                        ["BERTH_HTTP_ADDR=127.0.0.1:1", path, "catalog", "datacenters", "-http-addr", address])
                    #expect(flag.text == "dc1\n")
                }
            }
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The watch command` {
        private typealias Case = `The commands of Consul's command line`.Case

        @Test func `what is watched is printed once, without a program`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.command("kv put x/1 one").status == 0)
                    #expect(try await berth.command("services register -name=web -tag=a").status == 0)
                    #expect(try await berth.command("event -name=deploy").status == 0)
                    try await `The commands of Consul's command line`.check(
                        [
                            Case("watch -type=key -key=nope", "null"),
                            Case("watch -type=keyprefix -prefix=nope", "null"),
                            Case("watch -type=services", "{\n    \"web\": [\n        \"a\"\n    ]\n}"),
                            Case("watch -type=service -service=nope", "[]"),
                            Case("watch -type=service -service=web -tag=b", "[]"),
                            Case("watch -type=checks -state=critical", "[]"),
                            Case("watch -type=checks -service=web", "[]"),
                            Case("watch -type=event -name=never", "[]"),
                            Case("watch -type=nosuch", err: "Unsupported watch type: nosuch", status: 1),
                            Case("watch -type=key", err: "Must specify a single key to watch", status: 1),
                            Case("watch -type=keyprefix", err: "Must specify a single prefix to watch", status: 1),
                            Case("watch -type=service", err: "Must specify a single service to watch", status: 1),
                            Case(
                                "watch -type=checks -state=any -service=web", err: "Cannot specify service and state",
                                status: 1),
                            Case("watch -type=nodes -key=x", err: "Invalid parameters: [key]", status: 1),
                            Case(
                                "watch -type=service -service=web -passingonly=maybe",
                                err: "Failed to parse passingonly flag: \"maybe\" is not true or false", status: 1),
                        ], with: berth)
                    for (line, beginning) in [
                        ("watch -type=key -key=x/1", "{\n    \"CreateIndex\": "),
                        (
                            "watch -type=keyprefix -prefix=x/",
                            "[\n    {\n        \"CreateIndex\": "
                        ),
                        ("watch -type=nodes", "[\n    {\n        \"Address\": "),
                        ("watch -type=service -service=web -passingonly=true", "[\n    {\n        \"Checks\": []"),
                        ("watch -type=event -name=deploy", "[\n    {\n        \"ID\": "),
                    ] {
                        let answer = try await berth.command(line)
                        #expect(answer.status == 0 && answer.out.hasPrefix(beginning), "\(line): \(answer.text)")
                    }
                    #expect(
                        try await berth.command("watch").err.hasPrefix("Watch type must be specified\n\nOVERVIEW: "))
                }
            }
        }

        @Test func `a program is run at once and after each change, with the news and the index`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    #expect(try await berth.command("kv put k one").status == 0)
                    try await berth.withCommand([
                        "watch", "-type=key", "-key=k", #"echo "$CONSUL_INDEX $(cat)" >> news"#,
                    ]) {
                        watch in
                        func news() throws -> [Substring] {
                            try directory.appending(path: "news").text().split(separator: "\n")
                        }
                        func awaitNews(_ count: Int, _ value: String) async throws {
                            try await retrying(for: .seconds(20)) {
                                let news = try news()
                                try expectNow(news.count == count && news[count - 1].contains(value), "\(news)")
                            }
                        }
                        try await awaitNews(1, #""Value":"b25l""#)
                        #expect(try await berth.command("kv put k two").status == 0)
                        try await awaitNews(2, #""Value":"dHdv""#)
                        // A server that is away for a while is asked again.
                        let port = berth.ports.http
                        try await berth.kill()
                        try await retrying(for: .seconds(20)) {
                            try expectNow(watch.log.text().contains("trying again in 1.0 seconds"), watch.log.text())
                        }
                        try await berth.start(httpPort: port)
                        #expect(try await berth.command("kv put k three").status == 0)
                        try await awaitNews(3, #""Value":"dGhyZWU=""#)
                        #expect(try await berth.command("kv delete k").status == 0)
                        try await awaitNews(4, " null")
                        let indexes = try news().compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
                        #expect(indexes.count == 4 && indexes == indexes.sorted() && indexes[0] > 0, "\(indexes)")
                        #expect(watch.isRunning)
                    }
                }
            }
        }

        @Test func `a program that fails ends the watch, and need not read what it is told`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let big = String(repeating: "x", count: 300_000)
                    #expect(try await berth.http.put("/v1/kv/big", big).status == 200)
                    let failed = try await berth.command(["watch", "-type=key", "-key=big", "exit 3"])
                    #expect(failed.status == 1)
                    #expect(failed.text == "Error executing handler: exit status 3\n")
                    let killed = try await berth.command(["watch", "-type=key", "-key=big", "kill -9 $$"])
                    #expect(killed.text == "Error executing handler: signal: killed\n")
                    let words = try await berth.command([
                        "watch", "-shell=false", "-type=key", "-key=big", "/bin/sh", "-c", #"echo "$0"; exit 4"#,
                        "a  b",
                    ])
                    #expect(words.out == "a  b\n")
                    #expect(words.err == "Error executing handler: exit status 4\n")
                    let missing = try await berth.command("watch -shell=false -type=key -key=big no-such-program")
                    #expect(missing.status == 1)
                    #expect(missing.err.hasPrefix("Error starting handler: no-such-program: "), "\(missing.err)")
                }
            }
        }
    }
}

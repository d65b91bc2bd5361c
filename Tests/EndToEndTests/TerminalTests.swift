import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The commands on a terminal` {
        /// What a command writes to a terminal. The runner of the tests may have set NO_COLOR.
        private func onTerminal(_ berth: Berth, _ line: String, environment: [String] = []) async throws -> String {
            let address = "BERTH_HTTP_ADDR=127.0.0.1:\(berth.ports.http)"
            let variables = (environment + [address]).joined(separator: " ")
            let script = Tool(name: "script", package: "bsdutils")
            return try await script.run([
                "-qec", "env -u NO_COLOR \(variables) \(try Berth.executable.path) \(line)", "/dev/null",
            ]).out.replacing("\r\n", with: "\n")
        }

        @Test func `tables are in colour, unless that is not wanted`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let plain = try await berth.command("members").out
                    let coloured = try await onTerminal(berth, "members")
                    #expect(coloured.contains("\u{1b}[1mNode\u{1b}[0m"), "\(coloured)")
                    #expect(coloured.contains("\u{1b}[32malive\u{1b}[0m"), "\(coloured)")
                    #expect(coloured.replacing(/\x{1b}\[\d+m/, with: "") == plain)
                    try await #expect(onTerminal(berth, "members", environment: ["NO_COLOR=1"]) == plain)
                }
            }
        }

        @Test func `what others wrote cannot steer it, and goes into a pipe as it is`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let body = #"{"Name": "web", "Tags": ["\u202ea"]}"#
                    try await #expect(berth.http.put("/v1/agent/service/register", body).status == 200)
                    try await #expect(berth.command("catalog services -tags").out == "web  \u{202e}a\n")
                    let shown = try await onTerminal(berth, "catalog services -tags")
                    #expect(shown.contains("\u{fffd}a") && !shown.contains("\u{202e}"), "\(shown)")
                }
            }
        }

        @Test func `sections and explanations have their colours, and nothing of others that steers`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let body = #"{"Name": "web", "Tags": ["\u202ea"]}"#
                    try await #expect(berth.http.put("/v1/agent/service/register", body).status == 200)
                    let info = try await onTerminal(berth, "info")
                    #expect(info.contains("\u{1b}[1magent:\u{1b}[0m\n") && !info.contains("\u{fffd}"), "\(info)")
                    let explained = try await onTerminal(berth, "explain web")
                    #expect(explained.contains("\u{1b}[1mservice web\u{1b}[0m\n"), "\(explained)")
                    #expect(explained.contains("\u{fffd}a") && !explained.contains("\u{202e}"), "\(explained)")
                }
            }
        }

        @Test func `values are harmless on it, and in a pipe as they are`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await #expect(berth.http.put("/v1/kv/x", "a\u{1b}[31mb").status == 200)
                    for (line, key) in [("kv get x", ""), ("kv get -recurse x", "x:")] {
                        try await #expect(berth.command(line).out == "\(key)a\u{1b}[31mb\n")
                        try await #expect(onTerminal(berth, line) == "\(key)a\u{fffd}[31mb\n")
                    }
                }
            }
        }

        @Test(arguments: ["bash", "zsh", "fish"])
        func `a shell's completions are printed, and know every command`(_ shell: String) async throws {
            let path = try Berth.executable.path
            let answer = try await Tool.env.run([path, "--generate-completion-script", shell])
            #expect(answer.status == 0)
            for word in ["members", "export", "datacenters", "recurse", "http-addr"] {
                #expect(answer.out.contains(word), "\(word)")
            }
        }
    }
}

import Foundation
import Testing

extension EndToEnd {
    @Suite struct `Templates that fail` {
        @Test func `a syntax error is named with its place, keeps the old file, and stops nothing else`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "broken.ctmpl").write("first\n{{range service \"web\" % }}\n{{end}}\n")
                try directory.appending(path: "broken.conf").write("the old file\n")
                try directory.appending(path: "good.ctmpl").write(#"{{range service "web"}}{{.Port}} {{end}}"#)
                let arguments = ["--template", "broken.ctmpl:broken.conf", "--template", "good.ctmpl:good.conf"]
                try await Berth.run(in: directory, arguments) { berth in
                    try await retrying(for: .seconds(20)) {
                        try expectNow(berth.output.contains(/broken\.ctmpl:2:\d+/), "\(berth.output)")
                    }
                    #expect(
                        try await berth.http.put("/v1/agent/service/register", #"{"name": "web", "port": 80}"#).status
                            == 200)
                    try await retrying(for: .seconds(20)) {
                        try expectNow(directory.appending(path: "good.conf").text() == "80 ", "not rendered")
                    }
                    #expect(try directory.appending(path: "broken.conf").text() == "the old file\n")
                }
            }
        }

        @Test func `what nginx refuses is shown in its words, and the next good change goes in`() async throws {
            try await withTemporaryDirectory { directory in
                let output = directory.appending(path: "nginx.conf")
                try directory.appending(path: "nginx.ctmpl").write(
                    """
                    pid nginx.pid; error_log stderr;
                    events {}
                    # {{range service "web"}}{{.Port}} {{end}}
                    {{range service "breaker"}}unheard_of on;{{end}}

                    """)
                let check = "nginx -t -p \(directory.path) -c {}"
                let template = "\(directory.path)/nginx.ctmpl:\(output.path)"
                try await Berth.run(in: directory, ["--template", template, "--template-check", check]) { berth in
                    func register(_ name: String, port: Int) async throws {
                        let body = #"{"name": "\#(name)", "port": \#(port)}"#
                        #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                    }
                    try await register("web", port: 81)
                    try await retrying(for: .seconds(20)) {
                        try expectNow(output.text().contains("# 81 "), "not rendered")
                    }
                    let good = try output.text()

                    try await register("breaker", port: 1)
                    try await retrying(for: .seconds(20)) {
                        try expectNow(berth.output.contains(/unknown directive \W*unheard_of/), "nginx isn't quoted")
                    }
                    #expect(try output.text() == good)

                    #expect(try await berth.http.put("/v1/agent/service/deregister/breaker").status == 200)
                    try await register("web", port: 82)
                    try await retrying(for: .seconds(20)) {
                        try expectNow(output.text().contains("# 82 "), "not rendered")
                    }
                    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
                    #expect(names.filter { $0.contains("nginx.conf") } == ["nginx.conf"], "staged files stay: \(names)")
                }
            }
        }
    }
}

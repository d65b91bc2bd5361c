import Foundation
import Logging
import Registry
import ServiceLifecycle
import Testing

@testable import TemplateRendering

@Suite(.timeLimit(.minutes(5))) struct `The renderer` {
    /// A registry and a renderer at work, in a directory of their own.
    private struct Berth {
        let directory: String
        let registry: Registry
        let renderer: TemplateRenderer
        let log: LogRecord

        /// Reloads with these templates.
        func reload(_ templates: [(source: String, destination: String, command: String?)], check: String? = nil) {
            renderer.reload(configuration(templates, check: check, in: directory))
        }

        func path(_ name: String) -> String { "\(directory)/\(name)" }
        func text(_ name: String) -> String? { contents(of: path(name)) }

        func register(_ service: String, ports: [UInt16]) async throws {
            try await registry.submit(
                ports.map { try Sample.instance(service, id: "\(service)-\($0)", port: $0) })
        }
    }

    /// - Parameters:
    ///   - templates: source and destination names, and a command that runs in the directory.
    ///   - files: what is there before the renderer starts.
    ///   - prepared: what the catalog holds by then.
    private func withBerth(
        _ templates: [(source: String, destination: String, command: String?)], files: [String: String],
        check: String? = nil, prepared: [CatalogChange] = [], dockerSurvey: (@Sendable () async -> Void)? = nil,
        body: (Berth) async throws -> Void
    ) async throws {
        try await withDirectory { directory async throws in
            for (name, text) in files { try write(text, to: "\(directory)/\(name)") }
            let log = LogRecord()
            let registry = Registry(journal: MemoryJournal(), logger: log.logger)
            if !prepared.isEmpty { try await registry.submit(prepared) }
            let renderer = TemplateRenderer(
                configuration: Self.configuration(templates, check: check, in: directory),
                agent: try Sample.agent(), registry: registry, logger: log.logger, dockerSurvey: dockerSurvey)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: registry), .init(service: renderer)], logger: log.logger))
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                try await registry.submit([try Sample.node("host", address: "10.0.0.1")])
                try await body(Berth(directory: directory, registry: registry, renderer: renderer, log: log))
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    private static func configuration(
        _ templates: [(source: String, destination: String, command: String?)], check: String?, in directory: String
    ) -> TemplateRenderer.Configuration {
        TemplateRenderer.Configuration(
            templates: templates.map {
                Template(
                    source: "\(directory)/\($0.source)", destination: "\(directory)/\($0.destination)",
                    command: $0.command.map { "cd \(directory); \($0)" })
            }, check: check)
    }

    private let servers = #"{{range service "web"}}server {{.Address}}:{{.Port}};{{end}}"#

    @Test func `leaves a file that was there as it is until Docker was looked at, however long that takes`()
        async throws
    {
        let (surveys, survey) = AsyncStream<Void>.makeStream()
        try await withBerth(
            [("in", "out", "(cat out; echo) >> seen"), ("in", "new", nil)],
            files: ["in": servers, "out": "server 10.0.0.9:9;"], dockerSurvey: { for await _ in surveys {} }
        ) { berth async throws in
            // nginx may wait for a file that is not there to start at all.
            #expect(try await eventually { berth.text("new") == "" })
            #expect(try await eventually { berth.log.text.contains("until Docker answers") })
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.text("new") == "server 10.0.0.1:80;" })
            #expect(berth.text("out") == "server 10.0.0.9:9;")
            survey.finish()
            #expect(try await eventually { berth.text("seen") == "server 10.0.0.1:80;\n" })
            #expect(berth.log.text.split(separator: "until Docker answers").count == 2, "said once")
        }
    }

    @Test(arguments: [
        // Not a word of it, a part of it, and all but the tag.
        ("db", "web"), ("web", #"{{range service "web"}}{{.Port}}{{end}}{{range service "api"}}{{.Port}}{{end}}"#),
        ("web", #"{{range service "blue.web"}}{{.Port}}{{end}}"#),
    ])
    func `leaves a file that was there as it is for a journal that lacks what its template reads`(
        service: String, template: String
    ) async throws {
        let prepared = [
            try Sample.node("host", address: "10.0.0.1"), try Sample.instance(service, id: "it", port: 80),
        ]
        let (surveys, survey) = AsyncStream<Void>.makeStream()
        try await withBerth(
            [("in", "out", nil), ("known", "known.out", nil)],
            files: [
                "in": template == "web" ? servers : template, "out": "good",
                "known": "{{range service \"\(service)\"}}{{.Port}} {{end}}", "known.out": "old",
            ], prepared: prepared, dockerSurvey: { for await _ in surveys {} }
        ) { berth async throws in
            #expect(try await eventually { berth.log.text.contains("until Docker answers") })
            #expect(try await eventually { berth.text("known.out") == "80 " })
            // What comes now may be less than what Docker runs.
            try await berth.register("web", ports: [81])
            try await berth.register("api", ports: [82])
            try await berth.register(service, ports: [83])
            #expect(try await eventually { berth.text("known.out")?.contains("83") == true })
            #expect(berth.text("out") == "good")
            survey.finish()
            #expect(try await eventually { berth.text("out") != "good" })
        }
    }

    @Test func `renders what the journal brought back although Docker does not answer`() async throws {
        let prepared = [
            try Sample.node("host", address: "10.0.0.1"), try Sample.instance("web", id: "web-80", port: 80),
        ]
        try await withBerth(
            [("in", "out", nil)], files: ["in": servers, "out": "server 10.0.0.9:9;"], prepared: prepared,
            // Ends when the renderer stops.
            dockerSurvey: { try? await Task.sleep(for: .seconds(3600)) }
        ) { berth async throws in
            #expect(try await eventually { berth.text("out") == "server 10.0.0.1:80;" })
        }
    }

    @Test func `follows the catalog and runs the command after each change of the file`() async throws {
        try await withBerth([("t", "out", "cat out >> seen; echo >> seen")], files: ["t": servers]) {
            berth async throws in
            #expect(try await eventually { berth.text("out") == "" })
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.text("out") == "server 10.0.0.1:80;" })
            try await berth.register("web", ports: [81])
            let both = "server 10.0.0.1:80;server 10.0.0.1:81;"
            #expect(try await eventually { berth.text("out") == both })
            #expect(try await eventually { berth.text("seen")?.hasSuffix("\(both)\n") == true })
            try await berth.registry.submit([
                .removeInstance(InstanceKey(node: try NodeName("host"), id: "web-80"))
            ])
            #expect(try await eventually { berth.text("seen")?.hasSuffix("server 10.0.0.1:81;\n") == true })
        }
    }

    @Test func `runs no command for a file that is right from the start`() async throws {
        let templates = [("t", "out", "echo ran >> first"), ("u", "late", "echo ran >> second")]
        try await withBerth(templates, files: ["t": "fixed", "out": "fixed", "u": "new"]) { berth async throws in
            // The second template's command runs after all files were looked at.
            #expect(try await eventually { berth.text("second") == "ran\n" })
            #expect(berth.text("first") == nil)
        }
    }

    @Test func `runs the command that a killed predecessor still owed, once`() async throws {
        let files = ["t": "fixed", "out": "fixed", ".out.berth-owed": "", "u": "new"]
        let templates = [("t", "out", "echo ran >> runs"), ("u", "late", "touch last")]
        try await withBerth(templates, files: files) {
            berth async throws in
            #expect(try await eventually { berth.text("last") != nil })
            #expect(berth.text("runs") == "ran\n")
            #expect(try await eventually { berth.text(".out.berth-owed") == nil })
            try write("newer", to: berth.path("u"))
            berth.reload(templates)
            #expect(try await eventually { berth.text("late") == "newer" })
            #expect(berth.text("runs") == "ran\n")
        }
    }

    @Test func `leaves no mark once the command has run`() async throws {
        let command = "ls -A > during; test -f ready || exit 1; touch done"
        try await withBerth([("t", "out", command)], files: ["t": "x"]) { berth async throws in
            #expect(try await eventually { berth.text("during")?.contains(".out.berth-owed") == true })
            try write("", to: berth.path("ready"))
            #expect(try await eventually { berth.text("done") != nil && berth.text(".out.berth-owed") == nil })
        }
    }

    @Test func `renders only the templates that read what has changed`() async throws {
        let templates = [("web", "web.out", nil), ("db", "db.out", nil)] as [(String, String, String?)]
        let files = ["web": servers, "db": #"{{range service "db"}}{{.Port}}{{end}}"#]
        try await withBerth(templates, files: files) { berth async throws in
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.text("web.out") == "server 10.0.0.1:80;" })
            #expect(try await eventually { berth.text("db.out") == "" })
            // A rendering would put this right.
            try write("touched", to: berth.path("web.out"))
            try await berth.register("db", ports: [5432])
            #expect(try await eventually { berth.text("db.out") == "5432" })
            #expect(berth.text("web.out") == "touched")
            try await berth.register("web", ports: [81])
            #expect(try await eventually { berth.text("web.out") == "server 10.0.0.1:80;server 10.0.0.1:81;" })
        }
    }

    @Test func `takes the changes of a burst together, and the last one counts`() async throws {
        let command = "echo run >> runs; cp out applied"
        try await withBerth([("t", "out", command)], files: ["t": servers]) { berth async throws in
            let start = ContinuousClock.now
            for port in UInt16(1000)..<1200 { try await berth.register("web", ports: [port]) }
            let last = (1000..<1200).map { "server 10.0.0.1:\($0);" }.joined()
            #expect(try await eventually { berth.text("applied") == last })
            let runs = try #require(berth.text("runs")).split(separator: "\n").count
            let halfSeconds = Int((ContinuousClock.now - start) / .milliseconds(500))
            #expect(runs <= halfSeconds + 2)
        }
    }

    @Test func `runs a command once for several files`() async throws {
        let templates = [("t", "a", "echo run >> runs"), ("t", "b", "echo run >> runs"), ("u", "c", "touch last")]
        try await withBerth(templates, files: ["t": servers, "u": "x"]) { berth async throws in
            #expect(try await eventually { berth.text("last") != nil })
            #expect(berth.text("runs") == "run\n")
            #expect(berth.text("a") == "" && berth.text("b") == "")
        }
    }

    @Test func `lets no bad template stop another, and takes it up when it is mended`() async throws {
        let templates = [("bad", "bad.out", nil), ("good", "good.out", nil)] as [(String, String, String?)]
        try await withBerth(templates, files: ["bad": "ok\n {{range}}", "bad.out": "old", "good": servers]) {
            berth async throws in
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.text("good.out") == "server 10.0.0.1:80;" })
            #expect(berth.text("bad.out") == "old")
            #expect(berth.log.text.contains("bad:2:"))
            #expect(berth.log.text.contains("missing value for range"))
            // The next change finds the new file, though the template would not depend on it.
            try write("mended", to: berth.path("bad"))
            try await berth.register("other", ports: [1])
            #expect(try await eventually { berth.text("bad.out") == "mended" })
        }
    }

    @Test func `keeps the old file where a template fails on the data, and tries again on the next change`()
        async throws
    {
        let template = #"{{(index (service "web") 0).Port}}"#
        try await withBerth([("t", "out", nil)], files: ["t": template, "out": "old"]) { berth async throws in
            #expect(try await eventually { berth.log.text.contains("t:1:4") })
            #expect(berth.text("out") == "old")
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.text("out") == "80" })
        }
    }

    @Test func `keeps a file that fails the check, logs the output, and tries again on the next change`() async throws {
        let check = "grep -q 81 {} || { echo no 81 here; exit 1; }"
        let files = ["t": servers, "out": "old"]
        try await withBerth([("t", "out", "touch ran")], files: files, check: check) { berth async throws in
            try await berth.register("web", ports: [80])
            #expect(try await eventually { berth.log.text.contains("no 81 here") })
            #expect(berth.text("out") == "old")
            #expect(berth.text("ran") == nil)
            try await berth.register("web", ports: [81])
            #expect(try await eventually { berth.text("out") == "server 10.0.0.1:80;server 10.0.0.1:81;" })
            #expect(try await eventually { berth.text("ran") != nil })
        }
    }

    @Test func `repeats a command that failed until it succeeds`() async throws {
        let command = "echo try >> tries; test -f ready || { echo not ready; exit 1; }; touch reloaded"
        try await withBerth([("t", "out", command)], files: ["t": "x"]) { berth async throws in
            #expect(try await eventually { berth.log.text.contains("not ready") })
            #expect(berth.text("out") == "x")
            try write("", to: berth.path("ready"))
            #expect(try await eventually { berth.text("reloaded") != nil })
        }
    }

    @Test func `reads all templates again when it is told to`() async throws {
        try await withBerth([("t", "out", nil)], files: ["t": "one"]) { berth async throws in
            #expect(try await eventually { berth.text("out") == "one" })
            try write("two", to: berth.path("t"))
            berth.reload([("t", "out", nil)])
            #expect(try await eventually { berth.text("out") == "two" })
            try FileManager.default.removeItem(atPath: berth.path("t"))
            berth.reload([("t", "out", nil)])
            #expect(try await eventually { berth.log.text.contains("there is no template file") })
            #expect(berth.text("out") == "two")
        }
    }

    @Test func `takes over other templates while it runs, and forgets those that are gone`() async throws {
        let command = "echo run >> runs"
        let files = ["t": servers, "u": "new", "v": #"{{range service "web"}}{{.ID}}{{end}}"#]
        let prepared = [
            try Sample.node("host", address: "10.0.0.1"), try Sample.instance("web", id: "web-80", port: 80),
        ]
        try await withBerth([("t", "kept", command), ("v", "gone", nil)], files: files, prepared: prepared) {
            berth async throws in
            #expect(try await eventually { berth.text("kept") == "server 10.0.0.1:80;" })
            #expect(try await eventually { berth.text("gone") == "web-80" && berth.text("runs") == "run\n" })

            berth.reload([("t", "kept", command), ("u", "added", "touch ran")], check: "grep -qv 82 {}")
            #expect(try await eventually { berth.text("ran") != nil && berth.text("added") == "new" })
            #expect(berth.text("runs") == "run\n", "a file that stays as it is needs no command")
            try await berth.register("web", ports: [81])
            #expect(try await eventually { berth.text("kept") == "server 10.0.0.1:80;server 10.0.0.1:81;" })
            #expect(berth.text("gone") == "web-80")

            try await berth.register("web", ports: [82])
            #expect(try await eventually { berth.log.text.contains("grep -qv 82") })
            #expect(berth.text("kept") == "server 10.0.0.1:80;server 10.0.0.1:81;")
        }
    }

    @Test func `runs a command that keeps failing at once for a new file, and tells what came of it`() async throws {
        try await withBerth([("t", "out", "cat out; exit 3")], files: ["t": servers]) { berth async throws in
            for port in UInt16(81)...85 {
                try await berth.register("web", ports: [port])
                // The fifth would come after 15 seconds if a new file had to wait as an old one.
                let isTold = try await eventually(within: .seconds(12)) {
                    berth.log.text.split(separator: "\n").contains {
                        $0.contains("command failed") && $0.contains(":\(port);")
                    }
                }
                #expect(isTold, "port \(port)")
            }
        }
    }

    @Test func `runs a command that is owed at once when it is told to read all again`() async throws {
        let command = "echo >> tries; test -f ready && touch reloaded"
        try await withBerth([("t", "out", command)], files: ["t": "x"]) { berth async throws in
            // The fourth try would come after seven seconds, the fifth eight later.
            #expect(try await eventually { berth.text("tries")?.count == 4 })
            try write("", to: berth.path("ready"))
            berth.reload([("t", "out", command)])
            #expect(try await eventually(within: .seconds(7)) { berth.text("reloaded") != nil })
        }
    }

    @Test func `does not try a command again for changes that have nothing to do with it`() async throws {
        try await withBerth([("t", "out", "echo >> tries; exit 3")], files: ["t": "x"]) { berth async throws in
            let start = ContinuousClock.now
            var port: UInt16 = 0
            while (berth.text("tries") ?? "").count < 3, port < 10_000 {
                port += 1
                try await berth.register("unread", ports: [port])
                try await Task.sleep(for: .milliseconds(5))
            }
            // Tries come at once, after one second and after three.
            #expect(ContinuousClock.now - start >= .seconds(3))
        }
    }

    @Test func `does not repeat a check for changes that have nothing to do with its file, but after a while`()
        async throws
    {
        let check = "echo >> $(dirname {})/tries; exit 3"
        try await withBerth([("t", "out", nil)], files: ["t": servers], check: check) { berth async throws in
            let start = ContinuousClock.now
            var port: UInt16 = 0
            while (berth.text("tries") ?? "").count < 3, port < 10_000 {
                port += 1
                try await berth.register("unread", ports: [port])
                try await Task.sleep(for: .milliseconds(5))
            }
            // Tries come at once, after one second and after three.
            #expect(ContinuousClock.now - start >= .seconds(3))
        }
    }

    @Test func `checks the changes of a burst together, too`() async throws {
        let check = "echo >> $(dirname {})/tries; grep -q :1199 {}"
        try await withBerth([("t", "out", nil)], files: ["t": servers], check: check) { berth async throws in
            let start = ContinuousClock.now
            for port in UInt16(1000)..<1200 { try await berth.register("web", ports: [port]) }
            #expect(try await eventually { berth.text("out")?.hasSuffix(":1199;") == true })
            let halfSeconds = Int((ContinuousClock.now - start) / .milliseconds(500))
            #expect(try #require(berth.text("tries")).count <= halfSeconds + 2)
        }
    }

    @Test func `stops at once, with the command that runs`() async throws {
        let start = ContinuousClock.now
        try await withBerth([("t", "out", "touch begun; sleep 300")], files: ["t": "x"]) { berth async throws in
            #expect(try await eventually { berth.text("begun") != nil })
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}

import ArgumentParser
import Foundation
import Logging
import Settings
import Synchronization
import Testing

@testable import berth

@Suite struct `A reload` {
    /// Starts with `old` in the file, reloads with `new`, and tells which settings were applied and what was logged.
    private func reload(
        from old: String, to new: String
    ) async throws -> (applied: Settings?, log: [String], mistakes: [String]) {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(old.utf8).write(to: file)
        let flags = try ServeFlags.parse(["--config", file.path, "--dns-port", "53"])
        let applied = Received<Settings>()
        let lines = Received<String>()
        let reloader = Reloader(
            original: try flags.settings(), flags: flags,
            apply: {
                applied.add($0)
                return ["a zone is wrong"]
            },
            logger: Logger(label: "test") { _ in RecordingLogHandler(lines: lines) })
        try Data(new.utf8).write(to: file)
        let mistakes = await reloader.reload()
        let texts = [lines.all, mistakes].map { $0.map { $0.replacing(file.path, with: "berth.yaml") } }
        return (applied.all.last, texts[0], texts[1])
    }

    @Test func `what can change at once is applied, and flags still win`() async throws {
        let (applied, log, mistakes) = try await reload(from: "", to: "log-level: debug\ndns-port: 54\n")
        #expect(mistakes == ["a zone is wrong"])
        #expect(applied?.log.level == .debug)
        #expect(applied?.listen.dnsPort == 53)
        #expect(log == ["notice configuration reloaded"])
    }

    @Test func `templates and their check are taken over at once`() async throws {
        let (applied, log, _) = try await reload(
            from: "template: [a:b]\n", to: "template: [a:b, c:d:nginx -s reload]\ntemplate-check: nginx -t\n")
        #expect(applied?.templates.files.map(\.destination) == ["b", "d"])
        #expect(applied?.templates.check == "nginx -t")
        #expect(log == ["notice configuration reloaded"])
    }

    @Test func `what waits for a restart is named`() async throws {
        let (applied, log, _) = try await reload(
            from: "domain: a\n", to: "domain: b\nhttp-port: 80\nlog-level: trace\n")
        #expect(applied?.log.level == .trace)
        #expect(
            log == [
                "notice configuration reloaded",
                "warning some changed settings take effect at the next start keys=http-port, domain",
            ])
    }

    @Test func `two at once take turns, so that what was read last is applied last`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("log-level: debug\n".utf8).write(to: file)
        let flags = try ServeFlags.parse(["--config", file.path])
        let applied = Received<LogLevel>()
        let (firstIsRead, read) = AsyncStream<Void>.makeStream()
        let (release, releaser) = AsyncStream<Void>.makeStream()
        let reloader = Reloader(
            original: try flags.settings(), flags: flags,
            apply: { settings in
                read.yield()
                if settings.log.level == .debug { for await _ in release {} }
                applied.add(settings.log.level)
                return []
            }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let first = reloader.reload()
        for await _ in firstIsRead { break }
        try Data("log-level: trace\n".utf8).write(to: file)
        async let second = reloader.reload()
        releaser.finish()
        _ = await (first, second)
        #expect(applied.all == [.debug, .trace])
    }

    @Test func `a file with mistakes changes nothing, and all of them are logged`() async throws {
        let (applied, log, mistakes) = try await reload(from: "", to: "log-level: debug\ndns_port: 1\nzones: []\n")
        #expect(mistakes.count == 2 && mistakes.allSatisfy { $0.hasPrefix("berth.yaml:") }, "\(mistakes)")
        #expect(applied == nil)
        #expect(
            log == [
                "error configuration refused, the old one stays "
                    + "problem=berth.yaml:2: unknown key \"dns_port\"; did you mean \"dns-port\"?",
                "error configuration refused, the old one stays "
                    + "problem=berth.yaml:3: zones: must be the path of a folder, not a list",
            ])
    }
}

private final class Received<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    var all: [Value] { values.withLock { $0 } }
    func add(_ value: Value) { values.withLock { $0.append(value) } }
}

/// Keeps what is logged as `level message key=value`.
private struct RecordingLogHandler: LogHandler {
    let lines: Received<String>
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).map { " \($0.key)=\($0.value)" }.joined()
        lines.add("\(event.level) \(event.message)\(details)")
    }
}

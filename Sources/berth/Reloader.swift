import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Reads the settings again at each SIGHUP, or when told to, and passes on what can change while running.
struct Reloader: Service {
    /// The settings as the process started with them: what waits for a restart is told against these.
    let original: Settings
    let flags: ServeFlags
    /// Takes over the settings named in ``liveKeys``, and loads zone files and templates again in any case; returns what is
    /// wrong with those: sentences.
    let apply: @Sendable (Settings) async -> [String]
    let logger: Logger
    private let turns = Turns()

    init(
        original: Settings, flags: ServeFlags, apply: @escaping @Sendable (Settings) async -> [String], logger: Logger
    ) {
        self.original = original
        self.flags = flags
        self.apply = apply
        self.logger = logger
    }

    /// What takes effect without a restart.
    static let liveKeys: Set<SettingsKey> = [.logLevel, .template, .templateCheck]

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }

    /// Reads the file and the flags once more, after all those who asked before: what was read last is applied last.
    ///
    /// - Returns: what is wrong with the file, and then nothing has changed, or with what it names: sentences.
    @discardableResult
    func reload() async -> [String] { await turns.take { await reloadNow() } }

    private func reloadNow() async -> [String] {
        do throws(SettingsError) {
            let settings = try flags.settings()
            let mistakes = await apply(settings)
            let waiting = original.differences(from: settings).filter { !Self.liveKeys.contains($0) }
            logger.notice("configuration reloaded")
            if !waiting.isEmpty {
                let keys = waiting.map(\.rawValue).joined(separator: ", ")
                logger.warning("some changed settings take effect at the next start", metadata: ["keys": "\(keys)"])
            }
            return mistakes
        } catch {
            for problem in error.problems {
                logger.error("configuration refused, the old one stays", metadata: ["problem": "\(problem)"])
            }
            return error.problems.map { "\($0)" }
        }
    }
}

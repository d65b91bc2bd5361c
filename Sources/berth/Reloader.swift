import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Reads the settings again at each SIGHUP, and passes on what can change while running.
struct Reloader: Service {
    /// The settings as the process started with them: what waits for a restart is told against these.
    let original: Settings
    let flags: ServeFlags
    /// Takes over the settings named in ``liveKeys``, and loads zone files and templates again in any case.
    let apply: @Sendable (Settings) async -> Void
    let logger: Logger

    /// What takes effect without a restart.
    static let liveKeys: Set<SettingsKey> = [.logLevel, .template, .templateCheck]

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }

    /// Reads the file and the flags once more.
    func reload() async {
        do throws(SettingsError) {
            let settings = try flags.settings()
            await apply(settings)
            let waiting = original.differences(from: settings).filter { !Self.liveKeys.contains($0) }
            logger.notice("configuration reloaded")
            if !waiting.isEmpty {
                let keys = waiting.map(\.rawValue).joined(separator: ", ")
                logger.warning("some changed settings take effect at the next start", metadata: ["keys": "\(keys)"])
            }
        } catch {
            for problem in error.problems {
                logger.error("configuration refused, the old one stays", metadata: ["problem": "\(problem)"])
            }
        }
    }
}

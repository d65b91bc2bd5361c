import ArgumentParser
import DNSServer
import NIOCore
import Settings

/// `berth serve`: runs until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch Docker, answer DNS and HTTP, and keep files rendered, until SIGTERM or SIGINT.",
        discussion: """
            Every flag is also a key of the file given with --config. SIGHUP reads that file, the zone files and the \
            templates again.

            Exit status: 0 after SIGTERM or SIGINT; 1 if a port, the data directory or the like cannot be used; 2 if a \
            flag or the file must be mended.
            """)

    @OptionGroup var flags: ServeFlags

    func run() async throws {
        ProcessLimits.surviveFailedWrites()
        ProcessLimits.raiseOpenFiles()
        // The other half is for DNS and the registry's writer: fewer, busier loops also mean fewer threads to wake.
        NIOSingletons.groupLoopCountSuggestion = max(1, DNSServer.activeCores / 2)
        do {
            let settings = try flags.settings()
            try await Composition(settings: settings, flags: flags, log: Log(settings.log)).run()
        } catch let error as SettingsError {
            for problem in error.problems { StandardStream.error.write("berth: \(problem)\n") }
            throw ExitStatus.badSettings
        } catch {
            StandardStream.error.write("berth: \(error)\n")
            throw ExitStatus.failure
        }
    }
}

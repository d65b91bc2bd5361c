import ArgumentParser

/// The command line's root. Alone it prints its help.
@main struct Berth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth",
        abstract: "Finds the services of a Docker host, and tells DNS, HTTP and your configuration files.",
        version: Version.current,
        subcommands: [Serve.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            StandardStream.error.write(fullMessage(for: error) + "\n")
            exit(withError: ExitStatus.badSettings)
        }
    }
}

/// What a script can tell failures by.
enum ExitStatus {
    /// Something outside is in the way: a port, the data directory.
    static let failure = ExitCode(1)
    /// Flags or the configuration file must be mended.
    static let badSettings = ExitCode(2)
}

import ArgumentParser
import Settings

/// The command line's root. Alone it prints its help.
@main struct Berth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth",
        abstract: "Finds the services of a Docker host, and tells DNS, HTTP and your configuration files.",
        discussion: """
            All commands but openapi, serve, validate and version ask a running server, at 127.0.0.1:8500 unless --http-addr \
            or the variables BERTH_HTTP_ADDR or CONSUL_HTTP_ADDR say otherwise. Their flags may be written in Consul's way, \
            too: -http-addr=ADDRESS.
            """,
        version: Version.current,
        subcommands: [
            Serve.self, Catalog.self, Explain.self, FireEvent.self, Info.self, KeyValue.self, Leave.self, Lock.self,
            Maintenance.self, Members.self, Monitor.self, DescribeAPI.self, Reload.self, Services.self,
            ShowVersion.self, Snapshot.self, Validate.self, Watch.self,
        ])

    static func main() async {
        let line = Array(CommandLine.arguments.dropFirst())
        let notation = ConsulNotation(line, root: Self.self)
        guard let verb = notation.verbs.first else {
            if let word = line.first, !word.hasPrefix("-"), word != "help" { endAsUnknown(word) }
            return await run(line, mistakes: ExitStatus.failure)
        }
        guard verb != Serve._commandName else { return await run(line, mistakes: ExitStatus.badSettings) }
        await run(notation.arguments, mistakes: ExitStatus.failure)
    }

    /// - Parameter mistakes: the exit status where the arguments cannot be understood.
    private static func run(_ arguments: [String], mistakes: ExitCode) async {
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            let message = StandardStream.error.isTerminal ? Terminal.harmless(failure.message) : failure.message
            if !message.isEmpty { StandardStream.error.write(message + "\n") }
            exit(withError: ExitCode(failure.status))
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            StandardStream.error.write(fullMessage(for: error) + "\n")
            exit(withError: mistakes)
        }
    }

    private static func endAsUnknown(_ word: String) -> Never {
        let names = configuration.subcommands.map { $0._commandName }
        let advice = NearestWord.to(word, among: names).map { "; did you mean \($0)?" } ?? ""
        StandardStream.error.write("berth: there is no command \(JSONText.quoted(word))\(advice)\n\n\(helpMessage())\n")
        exit(withError: ExitStatus.unknownCommand)
    }
}

/// What a script can tell failures by.
enum ExitStatus {
    /// Something outside is in the way: a port, the data directory, what a server says.
    static let failure = ExitCode(1)
    /// Flags or the configuration file of `berth serve` must be mended.
    static let badSettings = ExitCode(2)
    /// A shell's status for it.
    static let unknownCommand = ExitCode(127)
}

import ArgumentParser
import Settings

/// `berth validate`: reads configuration files as `berth serve` would, and asks no server.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check configuration files, without a server.",
        usage: "berth validate [--quiet] <file or folder> ...",
        discussion:
            "Of a folder, every file whose name ends in .yaml or .yml is checked, each as a whole configuration.")

    @Flag(help: "Say nothing where all is right.") var quiet = false
    @Flag(help: "Print JSON.") var json = false
    @Argument(help: .hidden) var paths: [String] = []

    func run() throws {
        guard !paths.isEmpty else {
            throw CommandFailure(message: "Must specify at least one config file or directory")
        }
        let problems = try paths.flatMap(files).flatMap(problems)
        if json {
            try Terminal(json: true).show(json: problems)
            guard problems.isEmpty else { throw ExitStatus.failure }
            return
        }
        guard problems.isEmpty else {
            throw CommandFailure(message: "Config validation failed: " + problems.joined(separator: "\n\t"))
        }
        if !quiet { try Terminal(json: false).show("Configuration is valid!") }
    }

    private func files(at path: String) throws(CommandFailure) -> [String] {
        let files = GivenFiles.at(path, endings: [".yaml", ".yml"])
        guard !files.isEmpty else {
            throw CommandFailure(message: "Config validation failed: \(path) has no file that ends in .yaml or .yml")
        }
        return files
    }

    private func problems(in file: String) throws -> [String] {
        let flags = try ServeFlags.parse(["--config=\(file)"])
        do throws(SettingsError) {
            _ = try flags.settings()
            return []
        } catch {
            return error.problems.map { "\($0)" }
        }
    }
}

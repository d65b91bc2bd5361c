import ArgumentParser

/// A word before verbs: `berth kv`. Alone it does nothing but show its help, which is not what was wanted.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
    func run() throws {
        StandardStream.error.write(Self.helpMessage() + "\n")
        throw ExitStatus.failure
    }
}

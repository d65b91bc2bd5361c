import APIClient
import ArgumentParser

/// `berth lock`: runs a program while nobody else, or only so many others, run theirs.
struct Lock: ClientCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program while holding a lock.",
        usage: "berth lock [<options>] <prefix> <program> ...",
        discussion: """
            The lock is the key PREFIX/.lock, held by a session that ends 15 seconds or more after this command has \
            stopped renewing it. When the lock is lost, or at SIGINT or SIGTERM, the program is told to end, and \
            ended after five seconds. Consul's command may take part.
            """)

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Flag(help: "End with status 2 if the program fails.") var childExitCode = false
    @Option(
        help: ArgumentHelp(
            "How often to look again, a second apart, when the server does not answer, before the lock counts as lost.",
            valueName: "number"))
    var monitorRetry = 3
    @Option(name: .customLong("n"), help: ArgumentHelp("How many may hold it at once.", valueName: "number"))
    var limit = 1
    @Option(help: "The session's name.") var name: String?
    @Flag(help: "Let the program read standard input.") var passStdin = false
    @Flag(inversion: .prefixedNo, help: "Run the program by a shell, that of SHELL or /bin/sh.") var shell = true
    @Option(help: ArgumentHelp("Give up after so long: 10s, 1m30s. (default: never)", valueName: "duration"))
    var timeout: GivenDuration?
    @Option(name: .customLong("try"), help: .hidden) var attempt: GivenDuration?
    @Flag(help: "Tell each step.") var verbose = false
    @Argument(help: .hidden) var arguments: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let prefix = try checkedPrefix()
        let child = ChildProcess(
            words: Array(arguments.dropFirst()), usesShell: shell,
            notice: .lockHeld)
        let name = name ?? "Consul lock for '\(child.words.joined(separator: " "))' at '\(prefix)'"
        let session = try await LockSession.create(api, flags, name: name, removesKeys: limit > 1)
        let tell: (String) -> Void = { if verbose { try? terminal.show($0) } }
        let hold: any Hold =
            limit == 1
            ? KeyLock(api: api, flags: flags, session: session.id, key: "\(prefix)/.lock")
            : Semaphore(api: api, flags: flags, session: session.id, prefix: prefix, limit: limit)
        tell(
            limit == 1
                ? "Setting up lock at path: \(prefix)/.lock"
                : "Setting up semaphore (limit \(limit)) at prefix: \(prefix)")
        let run = LockRun(
            session: session, hold: hold, child: child, input: passStdin ? .inherited : .none,
            timeout: (timeout ?? attempt)?.value, retries: monitorRetry, tell: tell)
        let ending = try await run.run()
        guard childExitCode, let ending, !ending.isSuccess else { return }
        throw CommandFailure(message: "", status: 2)
    }

    private func checkedPrefix() throws(CommandFailure) -> String {
        guard arguments.count >= 2 else {
            throw CommandFailure(message: "Key prefix and child command must be specified")
        }
        guard limit > 0 else { throw CommandFailure(message: "Lock holder limit must be positive") }
        for case let duration? in [timeout, attempt] where duration.value <= .zero {
            throw CommandFailure(message: "Timeout must be positive")
        }
        guard monitorRetry >= 0 else { throw CommandFailure(message: "Number for 'monitor-retry' must be >= 0") }
        var prefix = arguments[0][...]
        while prefix.first == "/" { prefix.removeFirst() }
        while prefix.last == "/" { prefix.removeLast() }
        return String(prefix)
    }
}

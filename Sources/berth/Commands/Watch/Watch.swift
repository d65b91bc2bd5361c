import APIClient
import ArgumentParser
import NIOCore

/// `berth watch`: shows what something is, or tells a program each time it has changed.
struct Watch: ClientCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what something is, or run a program each time it has changed.",
        usage: "berth watch --type <type> [<options>] [<program> ...]",
        discussion: """
            The program has the news as JSON on its standard input, and the index as CONSUL_INDEX. It is run at once, and \
            then after every change, one run at a time. When it fails, the watch ends.
            """)

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Option(help: "key, keyprefix, services, nodes, service, checks or event.") var type: String?
    @Option(help: "The key, of type key.") var key: String?
    @Option(help: "The event's name, of type event.") var name: String?
    @Option(help: ArgumentHelp("Of type service: instances alone that pass all checks.", valueName: "true|false"))
    var passingonly: String?
    @Option(help: "What the keys begin with, of type keyprefix.") var prefix: String?
    @Option(help: "The service, of types service and checks.") var service: String?
    @Option(help: "Of type checks: passing, warning, critical or any.") var state: String?
    @Option(help: "Of type service: instances alone with this tag; may be repeated.") var tag: [String] = []
    @Flag(inversion: .prefixedNo, help: "Run the program by a shell, that of SHELL or /bin/sh.") var shell = true
    @Argument(help: .hidden) var child: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard let type, !type.isEmpty else {
            throw CommandFailure(message: "Watch type must be specified\n\n\(Self.helpMessage())")
        }
        let subject = try WatchedSubject(type, parameters)
        let first = try await subject.look(api, flags, after: nil)
        guard !child.isEmpty else { return try terminal.show(json: first.json) }
        ProcessLimits.surviveFailedWrites()
        try await tell(first)
        try await follow(subject, first, api)
    }

    private var parameters: WatchedSubject.Parameters {
        WatchedSubject.Parameters(
            key: key, name: name, passingonly: passingonly, prefix: prefix, service: service, state: state, tag: tag)
    }

    /// Looks for changes for ever. A server that does not answer, or without the index to wait with, is asked again,
    /// less and less often.
    private func follow(_ subject: WatchedSubject, _ first: WatchedSubject.News, _ api: APIClient) async throws {
        var last = first
        var pause: Duration = .seconds(1)
        while true {
            do {
                var news = try await subject.look(api, flags, after: last.index)
                let canWait = news.index != nil
                // An index that went back says nothing any more.
                if let index = news.index, let before = last.index, index < before { news.index = nil }
                let isNew = news.json != last.json
                last = news
                if isNew { try await tell(news) }
                if canWait || isNew { pause = .seconds(1) }
                guard !canWait else { continue }
                try await Task.sleep(for: pause)
                pause = Self.longer(pause)
            } catch let error as APIClientError {
                StandardStream.error.write("\(trouble): \(error); trying again in \(pause)\n")
                try await Task.sleep(for: pause)
                pause = Self.longer(pause)
            }
        }
    }

    private static func longer(_ pause: Duration) -> Duration { min(pause * 2, .seconds(60)) }

    private func tell(_ news: WatchedSubject.News) async throws {
        let program = ChildProcess(
            words: child, usesShell: shell, notice: .index(news.index ?? 0))
        switch await program.run(.octets(news.json + [UInt8(ascii: "\n")])) {
        case .exited(code: 0): return
        case .notStarted(let reason): throw CommandFailure(message: "Error starting handler: \(reason)")
        case let ending: throw CommandFailure(message: "Error executing handler: \(ending.words)")
        }
    }
}

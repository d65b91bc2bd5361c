import GoTemplate
import Logging
import Programs
import Registry

/// Brings all files up to date with one snapshot, then runs the commands of those that have changed.
struct RenderingPass {
    struct Result {
        /// A command or a check.
        var ranPrograms = false
        /// When to try again although nothing has changed; `nil`: not before something does.
        var nextAttempt: ContinuousClock.Instant?
    }

    private var templates: [RenderedTemplate]
    private var owed = OwedCommands()
    private var trouble = TroubleRecord()
    /// The files that wait for Docker, which was said.
    private var waiting: Set<String> = []
    private let agent: Agent
    /// The services that the catalog can be believed to know before Docker has answered.
    private let restored: Set<ServiceName>
    private let counts: RenderingCounts
    private let logger: Logger

    init(
        configuration: TemplateRenderer.Configuration, agent: Agent, restored: Set<ServiceName>,
        counts: RenderingCounts, logger: Logger
    ) {
        templates = configuration.templates.map { RenderedTemplate($0, check: configuration.check) }
        self.agent = agent
        self.restored = restored
        self.counts = counts
        self.logger = logger
    }

    mutating func run(on work: RenderInbox.Element, at now: ContinuousClock.Instant) async -> Result {
        if let configuration = work.reload { take(configuration) }
        guard work.stage > .starting else { return Result() }
        let trusted = work.stage == .partial ? restored : nil
        var ranCheck = false
        for index in templates.indices {
            let outcome = await templates[index].update(from: work, agent: agent, trusted: trusted, at: now)
            guard !Task.isCancelled, let outcome else { continue }
            let template = templates[index].template
            report(outcome, of: template)
            switch outcome {
            case .replaced, .failed(.delivery(.checkFailed)): ranCheck = ranCheck || templates[index].isChecked
            case .unchanged, .waits, .failed: break
            }
            guard let command = template.command else { continue }
            switch outcome {
            case .replaced: owed.owe(command, atOnce: true)
            // Whoever asks for a reload may just have mended what was wrong.
            case .unchanged(commandOwed: true): owed.owe(command, atOnce: work.reload != nil)
            case .unchanged, .waits, .failed: break
            }
        }
        let commands = owed.due(at: now)
        await run(commands)
        let attempts = templates.map(\.nextAttempt) + [owed.nextAttempt]
        return Result(
            ranPrograms: ranCheck || !commands.isEmpty, nextAttempt: attempts.compactMap(\.self).min())
    }

    /// Templates that stay keep all that is known about them.
    private mutating func take(_ configuration: TemplateRenderer.Configuration) {
        let known = Dictionary(templates.map { ($0.template, $0) }) { first, _ in first }
        templates = configuration.templates.map { template in
            known[template]?.checked(by: configuration.check)
                ?? RenderedTemplate(template, check: configuration.check)
        }
        let files = Set(configuration.templates.map(\.destination))
        let commands = Set(configuration.templates.compactMap(\.command))
        owed.keep(commands)
        waiting.formIntersection(files)
        trouble.keep { subject in
            switch subject {
            case .file(let path): files.contains(path)
            case .command(let text): commands.contains(text)
            }
        }
    }

    private mutating func run(_ commands: [String]) async {
        for command in commands where !Task.isCancelled {
            let outcome = await Program.shell(command).run()
            guard outcome.isSuccess else {
                // The program stops, and has ended the command: that is no failure of its own.
                guard !Task.isCancelled else { return }
                counts.note(.commandFailed)
                owed.fail(command, at: .now)
                report(outcome, of: command)
                continue
            }
            counts.note(.commandDone)
            owed.succeed(command)
            trouble.end(.command(command))
            logger.info("command done", metadata: ["command": "\(command)"])
            for template in templates where template.template.command == command { settle(template) }
        }
    }

    private func settle(_ template: RenderedTemplate) {
        do {
            try template.settle()
        } catch {
            // The mark stays, and the command runs once more after the next start.
            logger.warning("the command's success could not be noted", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: What is logged

    private mutating func report(_ outcome: RenderedTemplate.Outcome, of template: Template) {
        let destination = template.destination
        switch outcome {
        case .unchanged:
            trouble.end(.file(destination))
            logger.debug("file is up to date", metadata: ["file": "\(destination)"])
        case .replaced(let octets, let ownerKept):
            counts.note(.rendered)
            trouble.end(.file(destination))
            logger.info(
                "file rendered",
                metadata: ["file": "\(destination)", "template": "\(template.source)", "octets": "\(octets)"])
            if !ownerKept {
                logger.warning("the file's owner could not be kept", metadata: ["file": "\(destination)"])
            }
        case .waits:
            guard waiting.insert(destination).inserted else { return }
            logger.warning(
                "file stays as it is until Docker answers: start Docker, or give --docker off if there is none",
                metadata: ["file": "\(destination)"])
        case .failed(let error):
            counts.note(.failed)
            report(error, of: template)
        }
    }

    private mutating func report(_ error: RenderingError, of template: Template) {
        var metadata: Logger.Metadata = ["file": "\(template.destination)", "template": "\(template.source)"]
        var output: String?
        switch error {
        case .source(let reason): metadata["reason"] = "\(reason)"
        case .template(let error) where error.kind == .missingDependency:
            logger.info(
                "file waits for what its template reads",
                metadata: metadata.merging(["reason": "\(error.message)"]) { $1 })
            return
        case .template(let error):
            metadata["template"] = "\(error.location)"
            metadata["reason"] = "\(error.message)"
            metadata["at"] = error.place.map { "\($0.node)" }
        case .delivery(let error):
            metadata["reason"] = "\(error)"
            if case .checkFailed(_, let outcome) = error { output = outcome.output }
        }
        log("file not rendered, the old one stays", about: .file(template.destination), metadata, output: output)
    }

    private mutating func report(_ outcome: Program.Outcome, of command: String) {
        log(
            "command failed", about: .command(command),
            ["command": "\(command)", "reason": "it \(outcome.ending)"], output: outcome.output)
    }

    /// Says what is new aloud, and quietly what was said lately.
    private mutating func log(
        _ message: Logger.Message, about subject: TroubleRecord.Subject, _ metadata: Logger.Metadata, output: String?
    ) {
        let (count, isWorthSaying) = trouble.note(
            "\(metadata.sorted { $0.key < $1.key })", output: output ?? "", about: subject)
        var metadata = metadata
        metadata["output"] = output.map { "\($0)" }
        if count > 1 { metadata["times"] = "\(count)" }
        logger.log(level: isWorthSaying ? .error : .debug, message, metadata: metadata)
    }
}

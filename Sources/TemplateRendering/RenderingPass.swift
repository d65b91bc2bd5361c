import GoTemplate
import Logging
import Registry

/// Brings all files up to date with one snapshot, then runs the commands of those that have changed.
struct RenderingPass {
    struct Result {
        var ranCommands = false
        /// When to try again although nothing has changed; `nil`: not before something does.
        var retryDelay: Duration?
    }

    private var templates: [RenderedTemplate]
    /// Commands whose file has changed and that have not succeeded since, in the order in which they run.
    private var owedCommands: [String] = []
    private var failuresInARow = 0
    private let agent: Agent
    private let logger: Logger
    /// What was last said about a destination or command, so that the same trouble is not logged each time.
    private var lastTrouble: [String: String] = [:]

    init(configuration: TemplateRenderer.Configuration, agent: Agent, logger: Logger) {
        templates = configuration.templates.map { RenderedTemplate($0, check: configuration.check) }
        self.agent = agent
        self.logger = logger
    }

    mutating func run(on work: RenderInbox.Element) async -> Result {
        var result = Result()
        var needsRetry = false
        for index in templates.indices {
            let template = templates[index].template
            let outcome = await templates[index].update(
                from: work.snapshot, agent: agent, delta: work.delta, isForced: work.isReload)
            guard !Task.isCancelled, let outcome else { continue }
            report(outcome, of: template)
            switch outcome {
            case .replaced, .unchanged(commandOwed: true):
                if let command = template.command, !owedCommands.contains(command) { owedCommands.append(command) }
            case .failed(.delivery(.file)): needsRetry = true
            case .unchanged, .failed: break
            }
        }
        if !owedCommands.isEmpty {
            result.ranCommands = true
            await runCommands()
        }
        guard needsRetry || !owedCommands.isEmpty else {
            failuresInARow = 0
            return result
        }
        result.retryDelay = .seconds(min(60, 1 << min(failuresInARow, 6)))
        failuresInARow += 1
        return result
    }

    private mutating func runCommands() async {
        var failed: [String] = []
        for command in owedCommands where !Task.isCancelled {
            let outcome = await ShellCommand(text: command).run()
            guard outcome.isSuccess else {
                failed.append(command)
                report(outcome, of: command)
                continue
            }
            lastTrouble[command] = nil
            logger.info("command done", metadata: ["command": "\(command)"])
            for template in templates where template.template.command == command { settle(template) }
        }
        owedCommands = failed
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
            lastTrouble[destination] = nil
            logger.debug("file is up to date", metadata: ["file": "\(destination)"])
        case .replaced(let octets, let ownerKept):
            lastTrouble[destination] = nil
            logger.info(
                "file rendered",
                metadata: ["file": "\(destination)", "template": "\(template.source)", "octets": "\(octets)"])
            if !ownerKept {
                logger.warning("the file's owner could not be kept", metadata: ["file": "\(destination)"])
            }
        case .failed(let error): report(error, of: template)
        }
    }

    private mutating func report(_ error: RenderingError, of template: Template) {
        var metadata: Logger.Metadata = ["file": "\(template.destination)", "template": "\(template.source)"]
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
            if case .checkFailed(_, let outcome) = error { metadata["output"] = "\(outcome.output)" }
        }
        log("file not rendered, the old one stays", about: template.destination, metadata)
    }

    private mutating func report(_ outcome: ShellCommand.Outcome, of command: String) {
        log(
            "command failed", about: command,
            ["command": "\(command)", "reason": "it \(outcome.ending)", "output": "\(outcome.output)"])
    }

    /// Says it once aloud, and quietly as long as it stays the same.
    private mutating func log(_ message: Logger.Message, about subject: String, _ metadata: Logger.Metadata) {
        let trouble = "\(metadata.sorted { $0.key < $1.key })"
        let isKnown = lastTrouble.updateValue(trouble, forKey: subject) == trouble
        logger.log(level: isKnown ? .debug : .error, message, metadata: metadata)
    }
}

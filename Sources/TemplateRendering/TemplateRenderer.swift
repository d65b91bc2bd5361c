package import Logging
package import Registry
import ServiceLifecycle

/// Keeps files rendered from templates up to date with the catalog.
///
/// The first change after a quiet time is rendered at once. What happens while files are written and commands run is
/// taken together afterwards, so a burst of changes costs few renderings and few reloads, and the last one always counts.
package final class TemplateRenderer: Service {
    package struct Configuration: Hashable, Sendable {
        package var templates: [Template]
        /// A shell command that must succeed before a file is replaced; `{}` stands for the path of the new text, which
        /// is in the destination's directory under the name `.NAME.berth`. `nil`: nothing is checked.
        package var check: String?

        package init(templates: [Template] = [], check: String? = nil) {
            self.templates = templates
            self.check = check
        }
    }

    /// How long nothing is rendered while Docker does not answer.
    private static let patience = Duration.seconds(2)
    /// Commands and checks run at most this often.
    private static let pace = Duration.milliseconds(500)

    private let configuration: Configuration
    private let agent: Agent
    private let registry: Registry
    private let logger: Logger
    private let dockerSurvey: (@Sendable () async -> Void)?
    /// The services that the journal brought back.
    private let restored: Set<ServiceName>
    private let inbox: RenderInbox
    let counts = RenderingCounts()

    /// - Parameter dockerSurvey: returns once the catalog says what Docker runs, or when its task is cancelled; `nil` if
    ///   Docker is not watched. Until then a file that is good must not be emptied because Berth has just started: nothing
    ///   is rendered for two seconds, and after them a file that was there is replaced only if `registry` holds all that
    ///   its template asks for when this is called.
    package init(
        configuration: Configuration, agent: Agent, registry: Registry, logger: Logger,
        dockerSurvey: (@Sendable () async -> Void)? = nil
    ) {
        self.configuration = configuration
        self.agent = agent
        self.registry = registry
        self.logger = logger
        self.dockerSurvey = dockerSurvey
        restored = dockerSurvey == nil ? [] : Set(registry.snapshot.services.map(\.name))
        inbox = RenderInbox(
            stage: dockerSurvey == nil ? .whole : .starting, hasTemplates: !configuration.templates.isEmpty)
    }

    /// Takes over the templates and the check, and reads and renders all templates again. Files whose template is gone
    /// stay as they are.
    package func reload(_ configuration: Configuration) { inbox.requestReload(configuration) }

    /// Renders until the program stops.
    package func run() async throws {
        registry.observe(inbox)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                if let dockerSurvey = self.dockerSurvey {
                    group.addTask {
                        await dockerSurvey()
                        self.inbox.advance(to: .whole)
                    }
                    group.addTask {
                        // A cancelled sleep means that the program stops.
                        guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
                        self.inbox.advance(to: .partial)
                    }
                }
                await self.render()
                group.cancelAll()
            }
        }
    }

    private func render() async {
        var pass = RenderingPass(
            configuration: configuration, agent: agent, restored: restored, counts: counts, logger: logger)
        await withDiscardingTaskGroup { group in
            var planned: ContinuousClock.Instant?
            for await work in inbox {
                let start = ContinuousClock.now
                let result = await pass.run(on: work, at: start)
                if let next = result.nextAttempt, planned.map({ $0 <= start || next < $0 }) ?? true {
                    planned = next
                    group.addTask { [inbox] in
                        // A cancelled sleep means that there is nobody left to try.
                        guard (try? await Task.sleep(until: next)) != nil else { return }
                        inbox.retry()
                    }
                }
                if result.ranPrograms { try? await Task.sleep(until: start + Self.pace) }
            }
            group.cancelAll()
        }
    }
}

package import Logging
package import Registry
import ServiceLifecycle

/// Keeps files rendered from templates up to date with the catalog.
///
/// The first change after a quiet time is rendered at once. What happens while files are written and commands run is
/// taken together afterwards, so a burst of changes costs few renderings and few reloads, and the last one always counts.
package final class TemplateRenderer: Service {
    package struct Configuration: Sendable {
        package var templates: [Template]
        /// A shell command that must succeed before a file is replaced; `{}` stands for the path of the new text, which
        /// is in the destination's directory under the name `.NAME.berth`. `nil`: nothing is checked.
        package var check: String?

        package init(templates: [Template] = [], check: String? = nil) {
            self.templates = templates
            self.check = check
        }
    }

    /// How long the first rendering waits for those who fill the catalog.
    private static let patience = Duration.seconds(2)
    /// Commands run at most this often.
    private static let pace = Duration.milliseconds(500)

    private let configuration: Configuration
    private let agent: Agent
    private let registry: Registry
    private let logger: Logger
    private let sources: @Sendable () async -> Void
    private let inbox = RenderInbox()

    /// - Parameter sources: returns once those who fill the catalog have done so for the first time. Until then, for two
    ///   seconds at most, nothing is rendered: a file that is good must not be emptied because Berth has just started.
    package init(
        configuration: Configuration, agent: Agent, registry: Registry, logger: Logger,
        sources: @escaping @Sendable () async -> Void = {}
    ) {
        self.configuration = configuration
        self.agent = agent
        self.registry = registry
        self.logger = logger
        self.sources = sources
    }

    /// Reads all templates again and renders them.
    package func reload() { inbox.requestReload() }

    /// Renders until the program stops.
    package func run() async throws {
        registry.observe(inbox)
        await cancelWhenGracefulShutdown {
            await self.waitForSources()
            await self.render()
        }
    }

    private func waitForSources() async {
        await withTaskGroup { [sources] group in
            group.addTask { await sources() }
            // A cancelled sleep means that the sources have reported, or that the program stops.
            group.addTask { try? await Task.sleep(for: Self.patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func render() async {
        var pass = RenderingPass(configuration: configuration, agent: agent, logger: logger)
        await withDiscardingTaskGroup { group in
            for await work in inbox {
                let start = ContinuousClock.now
                let result = await pass.run(on: work)
                if let delay = result.retryDelay {
                    group.addTask { [inbox, plan = inbox.planRetry()] in
                        // A cancelled sleep means that there is nobody left to try.
                        guard (try? await Task.sleep(for: delay)) != nil else { return }
                        inbox.retry(plan)
                    }
                }
                if result.ranCommands { try? await Task.sleep(until: start + Self.pace) }
            }
            group.cancelAll()
        }
    }
}

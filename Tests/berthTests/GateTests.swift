import Logging
import ServiceLifecycle
import Testing

@testable import berth

@Suite struct `Parts behind a gate` {
    private struct Part: Service {
        let begun: AsyncStream<Void>.Continuation

        func run() async throws {
            begun.finish()
            try await gracefulShutdown()
        }
    }

    private static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    @Test(arguments: [true, false]) func `begin when it is open, however many they are`(isOpenBefore: Bool) async throws
    {
        let gate = Gate()
        if isOpenBefore { gate.open() }
        let begins = (0..<3).map { _ in AsyncStream<Void>.makeStream() }
        let group = ServiceGroup(
            services: begins.map { Gated(part: Part(begun: $0.continuation), gate: gate) }, logger: Self.quiet)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            if !isOpenBefore { gate.open() }
            for begin in begins { for await _ in begin.stream {} }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `do not begin at all when everything stops before`() async throws {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let task = Task { try await Gated(part: Part(begun: continuation), gate: Gate()).run() }
        task.cancel()
        try await task.value
        // Had it begun, the stream would have ended before this.
        continuation.yield()
        #expect(await stream.first { _ in true } != nil)
    }
}

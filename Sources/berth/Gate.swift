import ServiceLifecycle
import Synchronization

/// Opened once; any number of parts wait for it.
final class Gate: Sendable {
    /// Whom to tell; `nil` once it is open.
    private let waiting = Mutex<[AsyncStream<Never>.Continuation]?>([])

    func open() {
        let told = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for continuation in told { continuation.finish() }
    }

    /// Returns when the gate is open, or when everything is to stop.
    func pass() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let isOpen = waiting.withLock { waiting in
            waiting?.append(continuation)
            return waiting == nil
        }
        guard !isOpen else { return }
        for await _ in stream.cancelOnGracefulShutdown() {}
    }
}

/// A part that begins behind a gate.
struct Gated: Service {
    let part: any Service
    let gate: Gate

    /// Runs the part once the gate is open; not at all if everything is to stop before.
    func run() async throws {
        await gate.pass()
        guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
        try await part.run()
    }
}

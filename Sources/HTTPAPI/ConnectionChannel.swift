import HummingbirdCore
import Logging
import NIOCore

/// Serves each connection on the thread of its own event loop, rather than handing every part of a request and of its
/// answer over to the shared pool and back. A client's connections beyond its limit are refused.
struct ConnectionChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let clients: ClientConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        guard !clients.admit(channel) else { return base.setup(channel: channel, logger: logger) }
        // Nothing comes past it, so what is set up behind it has nothing to do but to end.
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusedConnection())
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// Runs tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Safe: the closure keeps the executor alive until the job has run, and runs it once.
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

import NIOCore
import NIOPosix

/// Waiting for what somebody else finds out on an event loop.
enum ProbeExchange {
    /// - Parameters:
    ///   - start: makes the exchange, which keeps the promise or breaks it.
    /// - Throws: what the exchange failed with; ``ProbeTimeout`` when it takes longer than `timeout`; `CancellationError`.
    static func run<Value: Sendable>(
        timeout: Duration, _ start: (any EventLoop, EventLoopPromise<Value>) -> Void
    ) async throws -> Value {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        // Whoever keeps or breaks a promise second has come too late.
        let outcome = loop.makePromise(of: Value.self)
        let deadline = loop.scheduleTask(in: TimeAmount(timeout)) { outcome.fail(ProbeTimeout()) }
        defer { deadline.cancel() }
        start(loop, outcome)
        return try await withTaskCancellationHandler {
            try await outcome.futureResult.get()
        } onCancel: {
            outcome.fail(CancellationError())
        }
    }
}

/// Nothing has come in time.
struct ProbeTimeout: Error {}

/// At the end of a connection's handlers: breaks a promise with the first thing that goes wrong.
final class FirstError<Value>: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let outcome: EventLoopPromise<Value>

    init(_ outcome: EventLoopPromise<Value>) { self.outcome = outcome }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { outcome.fail(error) }
}

import NIOCore
import NIOHTTP1

/// A request that is answered later, sent down the pipeline of its connection to be held.
struct HeldRequest: Sendable {
    /// Called once, on the connection's event loop.
    var begin: @Sendable () -> Void
    /// Called at most once and after `begin`, also for a request that was answered meanwhile.
    var end: @Sendable (WakeUp) -> Void
}

/// Ends the wait of a connection's held request when its client hangs up or the server shuts down.
///
/// A connection has one request at a time, so the next one takes the place of the last.
final class RequestHolder: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart

    private var held: HeldRequest?
    /// Set when nothing can be held any more.
    private var lastWakeUp: WakeUp?

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let request = event as? HeldRequest else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        request.begin()
        promise?.succeed()
        if let lastWakeUp {
            request.end(lastWakeUp)
        } else {
            held = request
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { end(.shutdown) }
        if event as? ChannelEvent == .inputClosed { end(.hangUp) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.hangUp)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end(.hangUp) }

    private func end(_ wakeUp: WakeUp) {
        lastWakeUp = wakeUp
        held?.end(wakeUp)
        held = nil
    }
}

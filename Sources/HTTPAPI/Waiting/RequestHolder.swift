import NIOCore
import NIOHTTPTypes

/// A request that is answered later, sent down the pipeline of its connection to be held.
struct HeldRequest: Sendable {
    var deadline: NIODeadline
    /// Called once, on the connection's event loop.
    var begin: @Sendable () -> Void
    /// Called at most once and after `begin`, also for a request that was answered long ago.
    var end: @Sendable (WakeUp) -> Void
}

/// Ends the wait of a connection's held request when its time is over, its client hangs up, or the server shuts down.
///
/// A connection has one request at a time, so the next one takes the place of the last. One timer serves them all: it is
/// set anew when it fires, or for an earlier deadline, not whenever a request was answered.
final class RequestHolder: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private var held: HeldRequest?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
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
            setTimer(context.eventLoop)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { endAll(.shutdown) }
        if event as? ChannelEvent == .inputClosed { endAll(.hangUp) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endAll(.hangUp)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { endAll(.hangUp) }

    private func endAll(_ wakeUp: WakeUp) {
        lastWakeUp = wakeUp
        timer?.task.cancel()
        timer = nil
        held?.end(wakeUp)
        held = nil
    }

    private func setTimer(_ eventLoop: any EventLoop) {
        guard let held else { return }
        if let timer {
            // It fires first, and is then set anew.
            guard held.deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: held.deadline) {
            self.timer = nil
            self.fire(eventLoop)
        }
        timer = (held.deadline, task)
    }

    private func fire(_ eventLoop: any EventLoop) {
        guard let held, held.deadline <= .now() else { return setTimer(eventLoop) }
        self.held = nil
        held.end(.deadline)
    }
}

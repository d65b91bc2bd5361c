import NIOCore

/// Tells, once, that nothing has happened on a connection for a while. Of an event loop.
///
/// Whatever happens is only noted: there is one timer at most, and it looks again when that was meanwhile.
final class IdleTimer {
    private let eventLoop: any EventLoop
    private let time: TimeAmount
    private let isExempt: () -> Bool
    private let onIdle: () -> Void
    private var last = NIODeadline.now()
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - isExempt: whether something takes its time that may; it begins anew with the next ``note()`` then.
    ///   - onIdle: called when there was nothing for so long.
    init(
        on eventLoop: any EventLoop, after time: TimeAmount, isExempt: @escaping () -> Bool,
        onIdle: @escaping () -> Void
    ) {
        self.eventLoop = eventLoop
        self.time = time
        self.isExempt = isExempt
        self.onIdle = onIdle
    }

    func note() {
        last = .now()
        if timer == nil { wait() }
    }

    func cancel() {
        timer?.cancel()
        timer = nil
    }

    private func wait() {
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: last + time) { self.look() }
    }

    private func look() {
        timer = nil
        guard !isExempt() else { return }
        if NIODeadline.now() < last + time { wait() } else { onIdle() }
    }
}

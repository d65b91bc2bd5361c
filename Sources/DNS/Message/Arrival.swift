import Glibc

/// How a message came: what its reply depends on besides what it says.
package struct Arrival: Sendable {
    package var transport: Transport
    /// Whose address it came from; `nil` where that is not known, and then no cookie is made for it.
    package var source: IPAddress?
    package var time: Moment

    package init(over transport: Transport, from source: IPAddress? = nil, at time: Moment = .now) {
        self.transport = transport
        self.source = source
        self.time = time
    }
}

/// A point in time, as two clocks show it.
package struct Moment: Sendable {
    /// Unix time, for what others are told.
    package var seconds: UInt32
    /// Of a clock that nobody sets, for measuring how much time has passed; wraps.
    package var milliseconds: UInt32

    package init(seconds: UInt32, milliseconds: UInt32) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    /// Exact to a few milliseconds, and cheap.
    package static var now: Moment {
        var wall = timespec()
        var steady = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &wall)
        _ = unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &steady)
        return Moment(
            seconds: UInt32(truncatingIfNeeded: wall.tv_sec),
            milliseconds: UInt32(truncatingIfNeeded: steady.tv_sec &* 1000 &+ steady.tv_nsec / 1_000_000))
    }
}

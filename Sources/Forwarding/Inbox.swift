import Glibc
import Synchronization

/// Hands things over to a thread that also waits for file descriptors.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// A pipe holds an octet while there is something to take.
    private let reading: CInt
    private let writing: CInt

    /// - Throws: ``ForwardingError/noDescriptor(code:)``.
    init() throws(ForwardingError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .noDescriptor(code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        _ = Glibc.close(reading)
        _ = Glibc.close(writing)
    }

    /// - Returns: false if nobody will take it any more.
    func put(_ element: Element) -> Bool {
        let wasEmpty: Bool? = state.withLock { state in
            guard !state.isClosed else { return nil }
            defer { state.elements.append(element) }
            return state.elements.isEmpty
        }
        if wasEmpty == true { wake() }
        return wasEmpty != nil
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// Waits until something was put in, a descriptor is readable, or `milliseconds` have passed (-1: never).
    ///
    /// - Returns: what was put in, perhaps nothing; `nil` once closed.
    func take(orWakeFor descriptors: [CInt], every milliseconds: CInt) -> [Element]? {
        var polled = ([reading] + descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // Interrupted, there is nothing to take, and the caller comes again.
        _ = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
        if polled[0].revents != 0 {
            var octets = [UInt8](repeating: 0, count: 16)
            _ = unsafe read(reading, &octets, octets.count)
        }
        return state.withLock { state in
            guard !state.isClosed else { return nil }
            defer { state.elements = [] }
            return state.elements
        }
    }

    /// What was put in before it was closed, and nobody has taken.
    func takeRest() -> [Element] {
        state.withLock { state in
            defer { state.elements = [] }
            return state.elements
        }
    }

    private func wake() {
        var octet: UInt8 = 0
        // Full means woken already.
        _ = unsafe write(writing, &octet, 1)
    }
}

import Glibc

/// A connected UDP socket that waits for a reply for a while.
final class UDPClient: Sendable {
    private let descriptor: CInt
    private let patience: Duration

    struct Failure: Error {}

    /// - Parameter patience: how long to wait for each reply, to the millisecond.
    init(to address: String, port: UInt16, patience: Duration = .seconds(2)) throws {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST
        unsafe hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address, "\(port)", &hints, &found) == 0, let found = unsafe found else {
            throw Failure()
        }
        defer { unsafe freeaddrinfo(found) }
        descriptor = unsafe socket(found.pointee.ai_family, CInt(SOCK_DGRAM.rawValue), 0)
        self.patience = patience
        guard unsafe connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else { throw Failure() }
    }

    deinit { _ = close(descriptor) }

    func send(_ datagram: [UInt8]) { _ = unsafe Glibc.send(descriptor, datagram, datagram.count, 0) }

    /// - Returns: the reply; `nil` if none came in time.
    func ask(_ datagram: [UInt8]) -> [UInt8]? {
        send(datagram)
        return receive()
    }

    /// - Returns: the next reply; `nil` if none came in time.
    func receive() -> [UInt8]? {
        var waiting = pollfd(fd: descriptor, events: CShort(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, CInt(patience / .milliseconds(1))) == 1 else { return nil }
        var reply = [UInt8](repeating: 0, count: 4096)
        let length = unsafe recv(descriptor, &reply, reply.count, 0)
        return length < 0 ? nil : Array(reply.prefix(length))
    }
}

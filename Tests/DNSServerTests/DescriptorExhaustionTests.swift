import DNS
import Glibc
import Logging
import Testing

@testable import DNSServer

/// In a process of its own, since it takes all file descriptors away.
@Suite struct `Without file descriptors` {
    @Test func `TCP waits rather than trying again and again, says so once, and goes on when there are some`() async {
        await #expect(processExitsWith: .success) {
            let log = LogRecorder()
            try await RunningServer.with([Example.node()], logger: log.logger) { running in
                // What the client needs exists before; connecting takes no descriptor more.
                let client = try BlockingClient(port: running.port)
                try DescriptorLimit.exhaust()
                client.connect()
                let failures = { log.records.filter { $0.message.contains("cannot take DNS connections") } }
                let deadline = ContinuousClock.now + .seconds(30)
                while failures().count < 2, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(20))
                }
                // The second comes a second after the first; a loop that spins makes thousands meanwhile.
                #expect((2...4).contains(failures().count))
                #expect(failures().filter { $0.level == .warning }.count == 1)
                try DescriptorLimit.restore()
                let query = try Queries.query("server01.node.consul", .a, id: 9)
                #expect(client.ask(TCPClient.framed(query)).map { $0[2...3] } == [0, 9])
            }
        }
    }
}

private enum DescriptorLimit {
    struct Failure: Error {}

    /// Lets the process open no descriptor beyond those that it has.
    static func exhaust() throws {
        var limit = try current()
        let lowest = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        guard lowest >= 0, close(lowest) == 0 else { throw Failure() }
        limit.rlim_cur = rlim_t(lowest)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { throw Failure() }
    }

    static func restore() throws {
        var limit = try current()
        limit.rlim_cur = limit.rlim_max
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { throw Failure() }
    }

    private static func current() throws -> rlimit {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { throw Failure() }
        return limit
    }
}

/// A TCP client on loopback that is a descriptor and nothing else.
private final class BlockingClient: Sendable {
    struct Failure: Error {}

    private let descriptor: CInt
    private let port: UInt16

    init(port: UInt16) throws {
        self.port = port
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        guard descriptor >= 0,
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size)) == 0
        else { throw Failure() }
    }

    deinit { _ = close(descriptor) }

    /// The kernel completes it, whether the server takes the connection or not.
    func connect() {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = unsafe Glibc.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// - Returns: what came first; `nil` if nothing came in time.
    func ask(_ octets: [UInt8]) -> [UInt8]? {
        guard unsafe send(descriptor, octets, octets.count, CInt(MSG_NOSIGNAL)) == octets.count else {
            return nil
        }
        var reply = [UInt8](repeating: 0, count: 4096)
        let length = unsafe recv(descriptor, &reply, reply.count, 0)
        return length < 4 ? nil : Array(reply.prefix(length))
    }
}

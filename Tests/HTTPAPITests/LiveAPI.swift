import DNS
import Glibc
import HTTPTypes
import NIOCore
import NIOPosix
import Registry
import ServiceLifecycle
import Synchronization
import Testing

@testable import HTTPAPI

/// The API on a socket, and a client that sends exactly the octets it is told to.
struct LiveAPI {
    let api: HTTPAPI
    let registry: Registry
    let port: Int

    static func run<Result: Sendable>(
        limits: RequestLimits = RequestLimits(), log: (any LogSource)? = nil, keepAlive: Duration = .seconds(15),
        _ body: @escaping @Sendable (LiveAPI) async throws -> Result
    ) async throws -> Result {
        try await APIUnderTest.withRegistry { registry in
            let (ports, listening) = AsyncStream<UInt16>.makeStream()
            let api = try APIUnderTest.api(
                registry: registry, limits: limits, metrics: [registry], log: log, keepAlive: keepAlive,
                onListening: { listening.yield($0) })
            let services = ServiceGroup(configuration: .init(services: [api], logger: APIUnderTest.quiet))
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                let port = try #require(await ports.first { _ in true })
                let result = try await body(LiveAPI(api: api, registry: registry, port: Int(port)))
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                return result
            }
        }
    }

    /// How many requests wait for a change.
    var waiting: Int { api.watchers.count }

    func get(_ path: String) async throws -> Answer {
        let connection = try await connect()
        try await connection.ask(path)
        return try await connection.answer()
    }

    func put(_ path: String, _ body: String = "") async throws -> Answer {
        let connection = try await connect()
        try await connection.write(
            "PUT \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try await connection.answer()
    }

    /// Asks, and returns when the request waits.
    func reader(_ path: String) async throws -> Connection { try await readers(1, path)[0] }

    func readers(_ count: Int, _ path: String) async throws -> [Connection] {
        let before = waiting
        var readers: [Connection] = []
        for _ in 0..<count {
            let reader = try await connect()
            try await reader.ask(path)
            readers.append(reader)
        }
        try await eventually { waiting == before + count }
        return readers
    }

    func register(_ body: String) async throws {
        let answer = try await register(body, headers: "Host: localhost\r\nConnection: close\r\n")
        try #require(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
    }

    func connect() async throws -> Connection {
        let connection = Connection()
        connection.channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collecting(connection: connection))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return connection
    }

    /// Sends octets, half-closes if told to, and returns all that comes until the other side closes.
    func send(_ text: String, thenHalfClose: Bool = false) async throws -> String {
        let connection = try await connect()
        try await connection.write(text)
        if thenHalfClose { try await connection.channel?.close(mode: .output) }
        return try await connection.all()
    }

    func register(_ body: String, headers: String) async throws -> String {
        try await send(
            "PUT /v1/agent/service/register HTTP/1.1\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    var isServing: Bool {
        get async throws {
            try await send("GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .hasPrefix("HTTP/1.1 200 OK")
        }
    }

    final class Connection: Sendable {
        private struct State {
            var channel: (any Channel)?
            var received = ""
            var isClosed = false
        }

        private let state = Mutex(State())

        var channel: (any Channel)? {
            get { state.withLock { $0.channel } }
            set { state.withLock { $0.channel = newValue } }
        }

        var received: String { state.withLock { $0.received } }
        var isClosed: Bool { state.withLock { $0.isClosed } }

        func write(_ text: String) async throws {
            try await channel?.writeAndFlush(ByteBuffer(string: text))
        }

        func ask(_ path: String) async throws {
            try await write("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        }

        /// Waits for the next answer and takes it from what was received.
        func answer() async throws -> Answer {
            let deadline = ContinuousClock.now + .seconds(20)
            while true {
                if let answer = state.withLock({ Answer(takenFrom: &$0.received) }) { return answer }
                try #require(!isClosed && ContinuousClock.now < deadline, "received: \(received)")
                try await Task.sleep(for: .milliseconds(2))
            }
        }

        /// Waits for the other side to close.
        func all() async throws -> String {
            let deadline = ContinuousClock.now + .seconds(20)
            while !isClosed {
                try #require(ContinuousClock.now < deadline, "the connection stays open; received: \(received)")
                try await Task.sleep(for: .milliseconds(2))
            }
            channel?.close(promise: nil)
            return received
        }

        /// Waits until what was received begins like this.
        func receive(first text: String) async throws {
            let deadline = ContinuousClock.now + .seconds(20)
            while !received.hasPrefix(text) {
                try #require(ContinuousClock.now < deadline, "received: \(received)")
                try await Task.sleep(for: .milliseconds(2))
            }
        }

        fileprivate func receive(_ text: String) { state.withLock { $0.received += text } }
        fileprivate func close() { state.withLock { $0.isClosed = true } }
    }
}

/// An answer of the API with a body of known length.
struct Answer {
    let status: Int
    /// X-Consul-Index; 0: there is none.
    let index: UInt64
    let headers: String
    let body: String

    /// - Returns: `nil` while it is not all there.
    fileprivate init?(takenFrom received: inout String) {
        guard let head = received.firstRange(of: "\r\n\r\n") else { return nil }
        headers = String(received[..<head.lowerBound])
        status = headers.firstMatch(of: /^HTTP\/1.1 (\d+)/).flatMap { Int($0.1) } ?? 0
        index = headers.firstMatch(of: /X-Consul-Index: (\d+)/).flatMap { UInt64($0.1) } ?? 0
        let length = headers.firstMatch(of: /Content-Length: (\d+)/.ignoresCase()).flatMap { Int($0.1) } ?? 0
        let rest = received[head.upperBound...]
        guard rest.utf8.count >= length else { return nil }
        let end = rest.utf8.index(rest.startIndex, offsetBy: length)
        body = String(rest[..<end])
        received = String(rest[end...])
    }
}

/// Waits for a condition.
func eventually(within limit: Duration = .seconds(20), _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "it never was so")
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Lets this process have as many connections as it may.
///
/// - Returns: how many files may be open.
@discardableResult
func raiseOpenFiles() -> Int {
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(files, &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    guard unsafe setrlimit(files, &limit) == 0 else { return 0 }
    return Int(clamping: limit.rlim_cur)
}

private final class Collecting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: LiveAPI.Connection

    init(connection: LiveAPI.Connection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.receive(String(buffer: unwrapInboundIn(data)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { connection.close() }
    }

    func channelInactive(context: ChannelHandlerContext) { connection.close() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { connection.close() }
}

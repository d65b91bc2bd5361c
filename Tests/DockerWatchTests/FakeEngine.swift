import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import DockerWatch

/// An engine that misbehaves on demand: the parts of the Engine API that the watcher uses, on a Unix socket.
final class FakeEngine: Sendable {
    /// What is wrong with an answer.
    enum Fault: Sendable {
        case status(Int)
        /// Half of the body comes, then nothing more.
        case hangsHalfWay
        /// Half of the body comes, then the connection ends.
        case endsHalfWay
        /// Nothing comes at all.
        case silence
        case body(String)
        /// The right answer, as it was when it was asked for, but only after ``FakeEngine/release()``.
        case held
    }

    private struct State {
        /// Port by container name; 0: not running.
        var containers: [String: UInt16] = [:]
        var faults: [(path: String, fault: Fault, times: Int)] = []
        var streams: [any Channel] = []
        var connections: [any Channel] = []
        var held: [@Sendable () -> Void] = []
        var requests: [String] = []
        var labels: [String: String] = [:]
        var id = "FAKE"
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)
    let path: String

    /// The paths asked for so far.
    var requests: [String] { state.withLock { $0.requests } }

    init() { path = "/tmp/berth-fake-\(UInt32.random(in: 0...UInt32.max)).sock" }

    /// Makes the socket and answers on it.
    func start() async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(engine: self))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        listener.withLock { $0 = channel }
    }

    /// Closes and removes the socket, and ends all connections.
    func stop() async throws {
        try await listener.withLock { $0.take() }?.close().get()
        let connections = state.withLock { state in
            defer { (state.streams, state.connections) = ([], []) }
            return state.connections
        }
        for connection in connections { connection.close(promise: nil) }
    }

    // MARK: What happens to containers

    /// Sets what a container publishes, 0 for one that does not run, and says so in an event.
    func set(_ name: String, port: UInt16, event: String? = "start") {
        state.withLock { $0.containers[name] = port }
        if let event { emit(event, name) }
    }

    func remove(_ name: String, event: String? = "destroy") {
        state.withLock { $0.containers[name] = nil }
        if let event { emit(event, name) }
    }

    func setLabel(_ key: String, _ value: String) { state.withLock { $0.labels[key] = value } }

    func emit(_ action: String, _ name: String) {
        let actor = #"{"ID":"\#(Container.id(name))","Attributes":{}}"#
        send(#"{"Type":"container","Action":"\#(action)","Actor":\#(actor)}"# + "\n")
    }

    /// Writes to all event streams.
    func send(_ text: String) {
        for stream in state.withLock({ $0.streams }) {
            stream.eventLoop.execute {
                stream.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
            }
        }
    }

    func endEvents() {
        let streams = state.withLock { state in
            defer { state.streams = [] }
            return state.streams
        }
        for stream in streams { stream.close(promise: nil) }
    }

    /// The next answers to requests whose path contains `path` have a fault.
    func fail(_ path: String, with fault: Fault, times: Int = 1) {
        state.withLock { $0.faults.append((path, fault, times)) }
    }

    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for answer in held { answer() }
    }

    var heldCount: Int { state.withLock { $0.held.count } }

    var streamCount: Int { state.withLock { $0.streams.count } }

    /// What the registry should say, in the words of ``Registry/lines``.
    var lines: [String] {
        state.withLock { state in
            state.containers.filter { $0.value > 0 }.map { "vm:\($0.key):80 10.11.97.181:\($0.value)" }.sorted()
        }
    }

    // MARK: Answers

    fileprivate func takeFault(for path: String) -> Fault? {
        state.withLock { state in
            state.requests.append(path)
            guard let index = state.faults.firstIndex(where: { path.contains($0.path) && $0.times > 0 }) else {
                return nil
            }
            state.faults[index].times -= 1
            return state.faults[index].fault
        }
    }

    fileprivate func hold(_ answer: @escaping @Sendable () -> Void) { state.withLock { $0.held.append(answer) } }

    fileprivate func add(connection: any Channel) { state.withLock { $0.connections.append(connection) } }

    fileprivate func add(stream: any Channel) { state.withLock { $0.streams.append(stream) } }

    /// - Returns: `nil` for 404.
    fileprivate func answer(to path: String) -> String? {
        state.withLock { state in
            if path == "/_ping" { return "OK" }
            if path.hasSuffix("/info") { return #"{"ID":"\#(state.id)","ServerVersion":"1"}"# }
            if path.contains("/containers/json") {
                let entries = state.containers.map { name, port in
                    #"{"Id":"\#(Container.id(name))","Names":["/\#(name)"],"State":"\#(port > 0 ? "running" : "exited")"}"#
                }
                return "[" + entries.joined(separator: ",") + "]"
            }
            let found = state.containers.first { path.hasSuffix("/containers/\(Container.id($0.key))/json") }
            guard let (name, port) = found else { return nil }
            let labels = state.labels.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
            let ports = port > 0 ? #""80/tcp":[{"HostIp":"0.0.0.0","HostPort":"\#(port)"}]"# : ""
            return """
                {"Id":"\(Container.id(name))","Name":"/\(name)","State":{"Running":\(port > 0)},
                "Config":{"Image":"web1","Labels":{\(labels)}},"NetworkSettings":{"Ports":{\(ports)}}}
                """
        }
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let engine: FakeEngine

    init(engine: FakeEngine) { self.engine = engine }

    func channelActive(context: ChannelHandlerContext) { engine.add(connection: context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let channel = context.channel
        let fault = engine.takeFault(for: head.uri)
        if head.uri.contains("/events"), fault == nil {
            write(status: .ok, length: nil, to: channel)
            engine.add(stream: channel)
            return
        }
        let body = engine.answer(to: head.uri)
        switch fault {
        case nil: send(body, to: channel)
        case .status(let code):
            let body = #"{"message":"no"}"#
            write(status: .init(statusCode: code), length: body.utf8.count, to: channel)
            finish(body, to: channel)
        case .body(let text): send(text, to: channel)
        case .silence: break
        case .held: engine.hold { channel.eventLoop.execute { send(body, to: channel) } }
        case .hangsHalfWay, .endsHalfWay:
            let body = body ?? ""
            write(status: .ok, length: body.utf8.count, to: channel)
            let half = ByteBuffer(string: String(body.prefix(body.count / 2)))
            let written = channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(half)))
            if case .endsHalfWay = fault { written.whenComplete { _ in channel.close(promise: nil) } }
        }
    }
}

private func send(_ body: String?, to channel: any Channel) {
    let text = body ?? #"{"message":"No such container"}"#
    write(status: body == nil ? .notFound : .ok, length: text.utf8.count, to: channel)
    finish(text, to: channel)
}

private func write(status: HTTPResponseStatus, length: Int?, to channel: any Channel) {
    var headers: HTTPHeaders = ["Api-Version": "1.41"]
    if let length { headers.add(name: "Content-Length", value: "\(length)") }
    channel.writeAndFlush(
        HTTPServerResponsePart.head(.init(version: .http1_1, status: status, headers: headers)), promise: nil)
}

private func finish(_ body: String, to channel: any Channel) {
    channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
}

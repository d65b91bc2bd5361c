import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Sends one answer: in one go if it has one piece, else a piece at a time, each when the one before is on its way.
struct ResponseSender: ResponseBodyWriter {
    private let channel: any Channel
    private let isWithoutBody: Bool
    private let length: Int?
    /// What waits to be sent with what follows.
    private var waiting: [HTTPResponsePart]

    /// - Parameter request: what is answered; HEAD has no body.
    init(_ response: Response, to request: HTTPRequest.Method, on channel: any Channel) {
        self.channel = channel
        isWithoutBody = request == .head
        length = response.body.contentLength
        waiting = [.head(response.head)]
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        if !isWithoutBody { waiting.append(.body(buffer)) }
        // All there is goes with the end.
        if buffer.readableBytes == length { return }
        let parts = waiting
        waiting = []
        try await send(parts).get()
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        // Nobody waits for it: the connection takes no next request while this one's answer has not gone.
        _ = send(waiting + [.end(trailers)])
    }

    private func send(_ parts: [HTTPResponsePart]) -> EventLoopFuture<Void> {
        let sent = channel.eventLoop.makePromise(of: Void.self)
        let write = { @Sendable [channel] in
            for part in parts.dropLast() { channel.write(part, promise: nil) }
            if let last = parts.last { channel.writeAndFlush(last, promise: sent) } else { sent.succeed() }
        }
        if channel.eventLoop.inEventLoop { write() } else { channel.eventLoop.execute(write) }
        return sent.futureResult
    }
}

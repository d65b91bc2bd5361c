import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Sends one answer: in one go if it is small, else a piece at a time, each when the one before is on its way.
struct ResponseSender: ResponseBodyWriter {
    /// Octets that are sent at once, at most.
    static let pieceSize = 256 << 10
    private static let patience = TimeAmount.minutes(1)

    private let channel: any Channel
    private let isWithoutBody: Bool
    private let length: Int?
    private var written = 0
    /// What waits to be sent with what follows.
    private var waiting: [HTTPServerResponsePart]

    /// - Parameter request: what is answered; HEAD has no body.
    init(_ response: Response, to request: HTTPRequest.Method, on channel: any Channel) {
        self.channel = channel
        isWithoutBody = request == .head
        length = response.body.contentLength
        waiting = [.head(HTTPResponseHead(response.head))]
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        guard !isWithoutBody else { return }
        var rest = buffer
        while let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceSize)), piece.readableBytes > 0 {
            waiting.append(.body(.byteBuffer(piece)))
            written += piece.readableBytes
            // The last of all goes with the end.
            if written == length { return }
            try await sendWaiting()
        }
    }

    /// Whoever takes nothing for a minute is cut off.
    private mutating func sendWaiting() async throws {
        let parts = waiting
        waiting = []
        let channel = channel
        let end = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        defer { end.cancel() }
        try await send(parts).get()
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        // Nobody waits for it: the connection takes no next request while this one's answer has not gone.
        _ = send(waiting + [.end(trailers.map { HTTPHeaders($0) })])
    }

    private func send(_ parts: [HTTPServerResponsePart]) -> EventLoopFuture<Void> {
        let sent = channel.eventLoop.makePromise(of: Void.self)
        let write = { @Sendable [channel] in
            for part in parts.dropLast() { channel.write(part, promise: nil) }
            if let last = parts.last { channel.writeAndFlush(last, promise: sent) } else { sent.succeed() }
        }
        if channel.eventLoop.inEventLoop { write() } else { channel.eventLoop.execute(write) }
        return sent.futureResult
    }
}

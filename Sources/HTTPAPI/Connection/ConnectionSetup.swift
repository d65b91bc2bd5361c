import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Makes connections serve HTTP/1.1. A client's connections beyond its limit are refused.
struct ConnectionSetup: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    let clients: ClientConnections
    let limits: RequestLimits
    let counts: RequestCounts
    let answering: HTTPConnection.Answering

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            guard clients.admit(channel) else {
                try pipeline.addHandler(RefusedConnection())
                return Value(channel: channel)
            }
            let encoder = HTTPResponseEncoder()
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: headerLimits)
            try pipeline.addHandlers([
                encoder, ByteToMessageHandler(decoder), MalformedRequests(counts), RequestHolder(),
            ])
            try pipeline.addHandler(
                HTTPConnection(on: channel, encoder: pipeline.context(handler: encoder), answering))
            return Value(channel: channel)
        }
    }

    /// Waits until the connection has gone: it serves itself.
    func handle(value: Value, logger: Logger) async {
        let channel = value.channel
        await withTaskCancellationHandler {
            // Fails where the connection did, which whoever used it knows.
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private var headerLimits: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = limits.headerSize / 4
        configuration.maxHeaderListSize = limits.headerSize
        configuration.maxHeaderFieldCount = Self.headerCount
        return configuration
    }

    private static let headerCount = 100
}

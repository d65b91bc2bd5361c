import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Notices what the decoder cannot make a request of.
final class MalformedRequests: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let counts: RequestCounts

    init(_ counts: RequestCounts) { self.counts = counts }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { counts.noteMalformed() }
        context.fireErrorCaught(error)
    }
}

extension HTTPParserError {
    /// What is answered to what is no request: also plain text, as nobody knows what was asked for.
    var answer: [HTTPResponsePart] {
        // RFC 6585 5. A URI that is far too long counts as well.
        let (status, sentence): (HTTPResponse.Status, String) =
            self == .headerOverflow
            ? (
                .requestHeaderFieldsTooLarge,
                "the URI, a header, or all headers together are too long; see docs/http.md"
            )
            : (.badRequest, "this is not an HTTP request")
        let head = HTTPResponse(
            status: status,
            headerFields: [
                .connection: "close", .contentType: "text/plain; charset=utf-8",
                .contentLength: "\(sentence.utf8.count)",
            ])
        return [.head(head), .body(ByteBuffer(string: sentence)), .end(nil)]
    }
}

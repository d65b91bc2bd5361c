import NIOCore
import NIOHTTP1

/// Notices what the decoder cannot make a request of.
final class MalformedRequests: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let counts: RequestCounts

    init(_ counts: RequestCounts) { self.counts = counts }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { counts.noteMalformed() }
        context.fireErrorCaught(error)
    }
}

extension HTTPParserError {
    /// What is answered to what is no request: also plain text, as nobody knows what was asked for.
    var answer: [HTTPServerResponsePart] {
        // RFC 6585 5. A URI that is far too long counts as well.
        let (status, sentence): (HTTPResponseStatus, String) =
            self == .headerOverflow
            ? (
                .requestHeaderFieldsTooLarge,
                "the URI, a header, or all headers together are too long; see docs/http.md"
            )
            : (.badRequest, "this is not an HTTP request")
        let headers: HTTPHeaders = [
            "Connection": "close", "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": "\(sentence.utf8.count)",
        ]
        return [
            .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)),
            .body(.byteBuffer(ByteBuffer(string: sentence))), .end(nil),
        ]
    }
}

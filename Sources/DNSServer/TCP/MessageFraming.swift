import NIOCore

/// Cuts a TCP stream into DNS messages, each after its length in two octets (RFC 1035 4.2.2, RFC 7766 8).
///
///     00 1d  <29 octets>  00 21  <33 octets>  00 ...
struct MessageFraming {
    enum Frame: Equatable {
        case message([UInt8])
        /// More octets are needed.
        case incomplete
        /// A length that no query has: the stream cannot be made sense of any more.
        case badLength(Int)
    }

    /// What a query may have: at least a header; at most far more than any question with its options and padding.
    static let lengths = 12...4096

    private var received = ByteBuffer()

    mutating func append(_ octets: ByteBuffer) {
        if received.readableBytes == 0 {
            received = octets
        } else {
            received.writeImmutableBuffer(octets)
        }
    }

    /// True if ``next()`` would not give ``Frame/incomplete``.
    var hasFrame: Bool {
        guard let length = received.getInteger(at: received.readerIndex, as: UInt16.self) else { return false }
        return !Self.lengths.contains(Int(length)) || received.readableBytes >= 2 + Int(length)
    }

    /// Takes the first whole message out of what was received.
    mutating func next() -> Frame {
        guard hasFrame, let length = received.getInteger(at: received.readerIndex, as: UInt16.self) else {
            return .incomplete
        }
        guard Self.lengths.contains(Int(length)) else { return .badLength(Int(length)) }
        received.moveReaderIndex(forwardBy: 2)
        defer { if received.readableBytes == 0 { received.clear() } }
        return received.readBytes(length: Int(length)).map(Frame.message) ?? .incomplete
    }
}

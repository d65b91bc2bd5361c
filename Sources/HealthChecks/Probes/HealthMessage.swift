import NIOCore

/// The messages of gRPC's health service, each of one field.
///
/// - SeeAlso: `grpc/health/v1/health.proto`; the encoding of Protocol Buffers.
enum HealthMessage {
    enum Status: Equatable {
        case serving
        /// As gRPC calls it.
        case other(String)
    }

    /// A `HealthCheckRequest` as gRPC frames it: not compressed, its length, the message.
    static func request(_ service: String) -> ByteBuffer {
        var message = ByteBuffer()
        if !service.isEmpty {
            message.writeInteger(UInt8(0x0a))
            writeVarint(UInt64(service.utf8.count), to: &message)
            message.writeString(service)
        }
        var frame = ByteBuffer()
        frame.writeInteger(UInt8(0))
        frame.writeInteger(UInt32(message.readableBytes))
        frame.writeBuffer(&message)
        return frame
    }

    /// Reads a framed `HealthCheckResponse`. Fields that nobody knows are passed over.
    ///
    /// - Throws: ``GRPCFailure/unreadable``.
    static func status(in frame: ByteBuffer) throws(GRPCFailure) -> Status {
        var frame = frame
        guard let isCompressed: UInt8 = frame.readInteger(), isCompressed == 0,
            let length: UInt32 = frame.readInteger(), var message = frame.readSlice(length: Int(length))
        else { throw .unreadable }
        var status: UInt64 = 0
        while message.readableBytes > 0 {
            let key = try readVarint(&message)
            switch key & 7 {
            case 0:
                let value = try readVarint(&message)
                if key == 0x08 { status = value }
            case 1: try skip(8, of: &message)
            case 2: try skip(readVarint(&message), of: &message)
            case 5: try skip(4, of: &message)
            default: throw .unreadable
            }
        }
        return switch status {
        case 0: .other("UNKNOWN")
        case 1: .serving
        case 2: .other("NOT_SERVING")
        case 3: .other("SERVICE_UNKNOWN")
        default: .other("\(status)")
        }
    }

    private static func writeVarint(_ value: UInt64, to buffer: inout ByteBuffer) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(rest))
    }

    private static func readVarint(_ buffer: inout ByteBuffer) throws(GRPCFailure) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let octet: UInt8 = buffer.readInteger() else { throw .unreadable }
            value |= UInt64(octet & 0x7f) << shift
            if octet < 0x80 { return value }
        }
        throw .unreadable
    }

    private static func skip(_ count: UInt64, of buffer: inout ByteBuffer) throws(GRPCFailure) {
        guard count <= UInt64(buffer.readableBytes) else { throw .unreadable }
        buffer.moveReaderIndex(forwardBy: Int(count))
    }
}

/// Why a gRPC call gave no answer.
enum GRPCFailure: Error, Equatable, CustomStringConvertible {
    /// The server answered with a status that is not OK.
    case status(code: Int, message: String)
    /// What answered speaks HTTP/2 but no gRPC.
    case http(status: String)
    case unreadable
    case closed

    var description: String {
        switch self {
        case .status(12, _): "the server has no health service (UNIMPLEMENTED)"
        case .status(5, _): "the server does not know the service (NOT_FOUND)"
        case .status(let code, let message): "the server answered with status \(code) \(message)"
        case .http(let status): "the server answered with HTTP status \(status), not as gRPC does"
        case .unreadable: "the server's answer cannot be read"
        case .closed: "the server closed the connection without an answer"
        }
    }
}

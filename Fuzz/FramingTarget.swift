import NIOCore

@testable import DNSServer

/// Any stream, in pieces of any size: the same messages come out as of the whole. The first octet says how it is cut.
enum FramingTarget {
    static func run(_ octets: [UInt8]) {
        guard let size = octets.first else { return }
        let stream = octets.dropFirst()
        precondition(
            frames(of: stream, inPiecesOf: Int(size) + 1) == frames(of: stream, inPiecesOf: max(1, stream.count)))
    }

    private static func frames(of stream: ArraySlice<UInt8>, inPiecesOf size: Int) -> [MessageFraming.Frame] {
        var framing = MessageFraming()
        var frames: [MessageFraming.Frame] = []
        var rest = stream
        while !rest.isEmpty {
            framing.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while framing.hasFrame {
                let frame = framing.next()
                frames.append(frame)
                switch frame {
                case .message(let message): precondition(MessageFraming.lengths.contains(message.count))
                case .incomplete: fatalError("a frame was announced")
                case .badLength: return frames
                }
            }
        }
        return frames
    }
}

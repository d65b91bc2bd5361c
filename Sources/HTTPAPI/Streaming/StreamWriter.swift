import Hummingbird
import NIOCore

/// Sends a body that has no end of its own, a piece at a time.
///
/// A piece is sent only when the one before it is on its way, so a reader that is slow costs no more memory than one that
/// is not. One that takes nothing for a minute is cut off.
struct StreamWriter {
    private static let patience = TimeAmount.minutes(1)

    private var base: any ResponseBodyWriter
    private let channel: any Channel

    init(_ base: any ResponseBodyWriter, to channel: any Channel) {
        self.base = base
        self.channel = channel
    }

    /// - Throws: when the connection is gone.
    @concurrent mutating func write(_ text: String) async throws { try await write(ByteBuffer(string: text)) }

    /// - Throws: when the connection is gone.
    @concurrent mutating func write(_ piece: ByteBuffer) async throws {
        let channel = channel
        let end = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        defer { end.cancel() }
        try await base.write(piece)
    }

    /// Ends the body properly.
    @concurrent consuming func finish() async throws { try await base.finish(nil) }
}

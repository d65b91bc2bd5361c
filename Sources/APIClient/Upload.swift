package import Foundation
import NIOCore
import NIOFoundationCompat

/// A file that is sent as it is read, from where it stands to its end.
package struct Upload: Sendable {
    private let file: FileHandle
    /// In octets.
    let size: Int

    private static let pieceSize = 256 << 10

    /// - Parameters:
    ///   - file: open for reading, and not read by others meanwhile.
    ///   - size: how much there is to read.
    package init(_ file: FileHandle, size: Int) {
        self.file = file
        self.size = size
    }

    /// To be read once.
    var pieces: AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { [file] in
            guard let data = try file.read(upToCount: Self.pieceSize), !data.isEmpty else { return nil }
            return ByteBuffer(data: data)
        }
    }
}

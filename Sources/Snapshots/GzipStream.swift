import CZlib

/// A gzip file (RFC 1952) that is written or read piece by piece, in memory that does not grow with it.
///
/// Safe to use: what zlib keeps for it is allocated, initialised and freed here, and nobody else has it.
@safe final class GzipStream {
    enum Direction {
        case compress
        case decompress
    }

    private let direction: Direction
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 64 << 10)
    /// Whether the trailer was written, or read and found right.
    private(set) var isAtEnd = false

    init(_ direction: Direction) {
        self.direction = direction
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result =
            switch direction {
            case .compress: unsafe gzip_deflate_init(stream)
            case .decompress: unsafe gzip_inflate_init(stream)
            }
        precondition(result == Z_OK, "zlib has no memory")
    }

    deinit {
        switch direction {
        case .compress: _ = unsafe deflateEnd(stream)
        case .decompress: _ = unsafe inflateEnd(stream)
        }
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// Takes the next octets and gives what comes out of them.
    ///
    /// - Parameter isLast: whether these are the last ones to compress.
    /// - Throws: ``SnapshotError`` for octets that are no gzip file; what `use` throws.
    func process(_ input: [UInt8], isLast: Bool = false, _ use: (ArraySlice<UInt8>) throws -> Void) throws {
        guard !isAtEnd else {
            if input.isEmpty { return }
            throw SnapshotError.trailingOctets
        }
        // Until there is room left behind what came out, there may be more.
        var consumed = 0
        while true {
            let (taken, made, result) = step(input[consumed...], isLast: isLast)
            consumed += taken
            if made > 0 { try use(output[..<made]) }
            switch result {
            case Z_STREAM_END:
                isAtEnd = true
                guard consumed == input.count else { throw SnapshotError.trailingOctets }
                return
            case Z_OK, Z_BUF_ERROR: if made < output.count { return }
            default: throw SnapshotError.notGzip(reason(result))
            }
        }
    }

    /// - Returns: how many octets were taken, how many made, and what zlib says.
    private func step(_ input: ArraySlice<UInt8>, isLast: Bool) -> (taken: Int, made: Int, result: Int32) {
        let (capacity, count) = (output.count, input.count)
        // Safe: zlib reads `count` octets at most and writes `capacity` at most, and forgets both places afterwards.
        return unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(count)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(capacity)
                let result =
                    switch direction {
                    case .compress: unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    case .decompress: unsafe inflate(stream, Z_NO_FLUSH)
                    }
                defer {
                    unsafe stream.pointee.next_in = nil
                    unsafe stream.pointee.next_out = nil
                }
                return unsafe (
                    count - Int(stream.pointee.avail_in), capacity - Int(stream.pointee.avail_out), result
                )
            }
        }
    }

    private func reason(_ result: Int32) -> String {
        switch result {
        case Z_MEM_ERROR: "there is no memory to read it"
        case Z_NEED_DICT: "it needs a dictionary"
        default: unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "it is damaged"
        }
    }
}

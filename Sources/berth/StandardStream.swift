import Glibc

/// Standard output or standard error, unbuffered: what was written is seen at once, through a pipe as well.
enum StandardStream: CInt {
    case output = 1
    case error = 2

    /// Writes the whole text with as few system calls as possible, so that lines of different threads do not mix. What
    /// cannot be written, because nobody reads any more, is dropped.
    func write(_ text: String) {
        var text = text
        _ = text.withUTF8 { unsafe write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a command's result as it is, in the same way. Where nobody reads any more, nothing is wrong.
    ///
    /// - Throws: ``CommandFailure`` where not all could be written.
    func deliver(_ octets: some Collection<UInt8>) throws(CommandFailure) {
        // Safe: the octets are only read, while the array holds them.
        let code = unsafe Array(octets).withUnsafeBytes { unsafe write($0) }
        guard let code, code != EPIPE else { return }
        let reason = unsafe String(cString: strerror(code))
        throw CommandFailure(message: "Standard output cannot be written: \(reason)")
    }

    /// - Returns: the number of the error that has cut it short; `nil`: all was written.
    private func write(_ octets: UnsafeRawBufferPointer) -> CInt? {
        var rest = unsafe octets
        while unsafe !rest.isEmpty {
            let count = unsafe Glibc.write(rawValue, rest.baseAddress, rest.count)
            if count > 0 {
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    /// Somebody looks at it.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Colours suit this stream: somebody looks at it, and has not asked to be spared (no-color.org).
    var takesColour: Bool {
        let noColour = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        return isTerminal && !noColour
    }
}

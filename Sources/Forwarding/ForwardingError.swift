import Glibc

/// Why names cannot be forwarded.
package enum ForwardingError: Error, Equatable, Sendable {
    /// `code` is an errno value.
    case noDescriptor(code: CInt)
}

extension ForwardingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noDescriptor(let code):
            "recursors cannot be asked, for want of file descriptors (\(unsafe String(cString: strerror(code)))); "
                + "raise the limit, `ulimit -n`"
        }
    }
}

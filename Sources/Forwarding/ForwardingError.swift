import DNS

/// Why names cannot be forwarded.
package enum ForwardingError: Error, Equatable, Sendable {
    /// `code` is an errno value.
    case noDescriptor(code: CInt)
    case noMemory
    /// libunbound does not take what it is told, and says why.
    case refused(option: String, reason: String)
}

extension ForwardingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noDescriptor(let code):
            "recursors cannot be asked, for want of file descriptors (\(SystemError.text(code))); "
                + "raise the limit, `ulimit -n`"
        case .noMemory:
            "there is not enough memory for a recursor"
        case .refused(let option, let reason):
            "libunbound refuses \(option) (\(reason)); install the version that Berth was built for"
        }
    }
}

import Glibc

/// The system's own words for what went wrong.
package enum SystemError {
    /// - Parameter code: an errno value.
    package static func text(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }
}

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

/// Says in a few words why a connection or a request failed.
enum ProbeFailure {
    static func reason(_ error: any Error, timeout: Duration) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(first.error, timeout: timeout) }
            return "the name cannot be resolved"
        case let error as IOError: return reason(errno: error.errnoCode) ?? error.description
        case ChannelError.connectTimeout: return "no connection within \(timeout)"
        case let error as HTTPClientError where error == .connectTimeout: return "no connection within \(timeout)"
        case let error as HTTPClientError where error == .deadlineExceeded: return "no answer within \(timeout)"
        default: return "\(error)"
        }
    }

    /// What usually goes wrong, in the words that people search for.
    private static func reason(errno: CInt) -> String? {
        switch errno {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET: "connection reset by peer"
        case EHOSTUNREACH: "no route to host"
        case ENETUNREACH: "network is unreachable"
        case ETIMEDOUT: "connection timed out"
        default: nil
        }
    }
}

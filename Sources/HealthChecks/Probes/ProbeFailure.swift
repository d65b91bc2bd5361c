import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Says in a few words why a connection or a request failed.
enum ProbeFailure {
    static func reason(_ error: any Error, timeout: Duration) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(first.error, timeout: timeout) }
            return "the name cannot be resolved"
        case let error as IOError: return reason(errno: error.errnoCode) ?? error.description
        case is ConnectionClosed, HTTPParserError.invalidEOFState:
            return "the server closed the connection before its answer was whole"
        case let error as HTTPParserError: return "this is not HTTP: \(error)"
        case is ProbeTimeout: return "no answer within \(timeout)"
        case ChannelError.connectTimeout: return "no connection within \(timeout)"
        case let error as HTTPClientError where error == .connectTimeout: return "no connection within \(timeout)"
        case let error as HTTPClientError where error == .deadlineExceeded: return "no answer within \(timeout)"
        case NIOSSLError.handshakeFailed(let fault): return reason(handshake: "\(fault)")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "the server's certificate is for another name; tls_skip_verify takes any"
        default: return "\(error)"
        }
    }

    /// - Parameter fault: as BoringSSL describes it.
    private static func reason(handshake fault: String) -> String {
        if fault.contains("CERTIFICATE_VERIFY_FAILED") {
            return "the server's certificate is not trusted; tls_skip_verify takes any"
        }
        return fault.contains("WRONG_VERSION_NUMBER") ? "no TLS is spoken there" : "no TLS connection: \(fault)"
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

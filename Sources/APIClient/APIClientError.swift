/// Why a request has no answer that can be used. The descriptions say what to do next.
package enum APIClientError: Error, Equatable, CustomStringConvertible {
    case badAddress(String, reason: String)
    /// A setting of the environment or a flag, other than the address.
    case badSetting(String, reason: String)
    /// Nobody takes connections there.
    case unreachable(APIAddress, reason: String)
    case notTrusted(APIAddress, reason: String)
    case silent(APIAddress, path: String)
    case closed(APIAddress, path: String)
    /// An answer that is neither success nor anything that the caller expects.
    case refused(status: Int, message: String)
    case unreadable(path: String, reason: String)
    case tooLong(path: String, limit: Int)

    package var description: String {
        switch self {
        case .badAddress(let text, let reason): "the address \"\(text)\" \(reason)"
        case .badSetting(let name, let reason): "\(name) \(reason)"
        case .unreachable(let address, let reason):
            "nothing answers at \(address) (\(reason)): start berth serve, or say where it is with -http-addr or "
                + "BERTH_HTTP_ADDR"
                + (address.leavesPortOut ? "; without a port, that is \(address.isEncrypted ? 443 : 80)" : "")
        case .notTrusted(let address, let reason):
            "no TLS with \(address) (\(reason)): is it an https address, and does -ca-file name who signed its certificate?"
        case .silent(let address, let path): "\(address) does not answer \(path) in time"
        case .closed(let address, let path): "\(address) closed the connection before it had answered \(path)"
        // Consul's words, which scripts look for.
        case .refused(let status, let message): "Unexpected response code: \(status) (\(message))"
        case .unreadable(let path, let reason): "the answer to \(path) is not what was expected: \(reason)"
        case .tooLong(let path, let limit): "the answer to \(path) is longer than \(limit) octets"
        }
    }
}

import HTTPTypes
import Hummingbird
import Registry
import Snapshots

/// Why a request was not served, and the only map from errors to HTTP status codes.
enum APIError: Error {
    case badRequest(String)
    /// Another site's page, or a name that is not ours.
    case forbidden(String)
    case notFound(String)
    case methodNotAllowed(HTTPRequest.Method, allowed: [HTTPRequest.Method])
    /// - Parameter octets: what was announced, or read when it was enough.
    case bodyTooLarge(octets: Int, limit: Int)
    case uriTooLong(octets: Int, limit: Int)
    /// A transaction of more operations than are done at once.
    case tooManyOperations(Int, limit: Int)
    /// Too much is held for other requests.
    case busy
    /// Too many follow the log.
    case tooManyFollow
    /// The client closed its side of the connection while it waited. It may still read.
    case hungUp
    case registry(RegistryError)
    /// The operator's files are wrong: sentences.
    case notReloaded([String])

    /// - Parameter path: the request's.
    /// - Returns: `nil` for what no request can cause: a fault of the program.
    init?(_ error: any Error, on path: String) {
        switch error {
        case let error as APIError: self = error
        case let error as FieldError: self = .badRequest(error.description)
        case let error as FilterError: self = .badRequest(error.description)
        case let error as KeyError: self = .badRequest(error.description)
        case let error as JSONSyntaxError: self = .badRequest("Request decode failed: \(error)")
        case let error as SnapshotError: self = .badRequest(error.description)
        case let error as QueryTemplateError: self = .badRequest(error.description)
        case let error as LabelError: self = .badRequest(error.description)
        case let error as RegistryError: self = .registry(error)
        case let error as HTTPError where error.status == .notFound:
            self = .notFound(UnofferedPaths.sentence(for: path) ?? "no such endpoint")
        default: return nil
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .hungUp: .badRequest
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .bodyTooLarge, .tooManyOperations: .contentTooLarge
        case .uriTooLong: .uriTooLong
        case .tooManyFollow: .tooManyRequests
        // Consul's status for it, though the operator's files are at fault.
        case .notReloaded: .internalServerError
        case .registry(.refused(.derived)), .registry(.refused(.agents)), .registry(.refused(.containersCheck)),
            .registry(.refused(.keptHere)),
            .registry(.refused(.ownNode)),
            .registry(.refused(.wrongNodeID)):
            .conflict
        case .registry(.refused(.unknownQuery)): .notFound
        case .registry(.refused): .badRequest
        case .registry(.storage): HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        case .busy, .registry(.overloaded), .registry(.stopped): .serviceUnavailable
        }
    }

    private var headers: HTTPFields {
        switch self {
        case .methodNotAllowed(_, let allowed): [.allow: Self.allow(allowed)]
        case .busy, .tooManyFollow, .registry(.overloaded): [.retryAfter: "1"]
        default: [:]
        }
    }

    /// The value of an Allow header.
    static func allow(_ methods: [HTTPRequest.Method]) -> String {
        (["OPTIONS"] + methods.map(\.rawValue)).joined(separator: ",")
    }

    func response(asProblem: Bool) throws -> Response {
        try .failure(status, description, headers: headers, asProblem: asProblem)
    }
}

extension APIError: CustomStringConvertible {
    var description: String {
        switch self {
        case .badRequest(let sentence), .forbidden(let sentence), .notFound(let sentence): sentence
        case .methodNotAllowed(let method, _): "method \(quoted(method.rawValue)) not allowed"
        // Consul's, which its clients look for.
        case .bodyTooLarge(let octets, let limit): "Request body(\(octets) bytes) too large, max size: \(limit) bytes."
        case .uriTooLong(let octets, let limit): "the URI has \(octets) octets; at most \(limit) are read"
        case .tooManyOperations(let count, let limit):
            "Transaction contains too many operations (\(count) > \(limit))"
        case .busy: "too many large requests at once; try again in a moment"
        case .tooManyFollow: "too many follow the log already; try again when one of them has ended"
        case .hungUp: "the connection was half closed before there was an answer"
        case .registry(let error): error.description
        case .notReloaded(let mistakes): "Reload failed:" + mistakes.map { "\n\($0)" }.joined()
        }
    }
}

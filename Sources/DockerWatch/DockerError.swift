/// What can go wrong between here and a Docker engine.
enum DockerError: Error, Equatable {
    /// No connection, or it broke.
    case unreachable(String)
    /// The engine refused: the request's path, the status and the engine's words.
    case refused(path: String, status: UInt, message: String)
    /// No whole answer in time.
    case silent(path: String)
    case tooLong(path: String, limit: Int)
    case unreadable(path: String, reason: String)
    case eventsEnded

    var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
}

extension DockerError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let reason): reason
        case .refused(let path, let status, let message):
            status == 403
                ? "GET \(path) is forbidden: a proxy in front of Docker must let GET requests for "
                    + "_ping, info, events, containers and images through"
                : "GET \(path) was answered with status \(status): \(message)"
        case .silent(let path): "GET \(path) was not answered in time"
        case .tooLong(let path, let limit): "the answer to GET \(path) is longer than \(limit) octets"
        case .unreadable(let path, let reason): "the answer to GET \(path) is not as the Engine API says: \(reason)"
        case .eventsEnded: "the engine closed its event stream"
        }
    }
}

import Foundation
import NIOCore
import Registry

/// One thing that a reader of `/v1/berth/watch` follows.
enum WatchedThing: Hashable, Sendable {
    case service(ServiceName)
    case key(Key)
    case prefix(KeyPrefix)
    case node(NodeName)
    /// The checks with a status; `nil`: all.
    case checks(HealthStatus?)

    /// The parameter that names it, and the type of its events.
    var kind: String {
        switch self {
        case .service: "service"
        case .key: "key"
        case .prefix: "prefix"
        case .node: "node"
        case .checks: "checks"
        }
    }

    /// Which changes may concern it.
    var subjects: [Subject] {
        switch self {
        case .service(let name): [.service(name)]
        case .key(let key): [.key(key)]
        case .prefix(let prefix): [.keys(under: prefix)]
        case .node: [.nodes, .services, .checks]
        case .checks: [.checks, .services]
        }
    }

    /// The index of the newest change that may concern it.
    func index(in snapshot: CatalogSnapshot) -> UInt64 { snapshot.index(of: subjects) }
}

/// What there is of a watched thing, or what has changed of it, as the members of a JSON object.
struct WatchedContent {
    /// Each with its value as JSON, in the order of their names.
    private(set) var members: [(name: String, json: String)] = []

    mutating func add(_ name: String, _ value: some Encodable) throws {
        members.append((name, String(buffer: try WireJSON.encode(value))))
        members.sort { $0.name < $1.name }
    }

    func json(index: UInt64) -> ByteBuffer {
        let all = (members + [("Index", "\(index)")]).sorted { $0.name < $1.name }
        return ByteBuffer(string: "{\(all.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ","))}")
    }
}

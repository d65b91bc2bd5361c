import Registry

/// A session, as `/v1/session` shows it.
struct SessionJSON: Encodable {
    struct ServiceCheck: Encodable {
        var id: String
        let namespace = ""

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case namespace = "Namespace"
        }
    }

    var id: String
    var name: String
    var node: String
    /// Nanoseconds.
    var lockDelay: Int64
    var behavior: String
    /// Empty: it need not be renewed.
    var timeToLive: String
    var nodeChecks: [String]
    /// `nil`: none were ever given.
    var serviceChecks: [ServiceCheck]?
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case node = "Node"
        case lockDelay = "LockDelay"
        case behavior = "Behavior"
        case timeToLive = "TTL"
        case nodeChecks = "NodeChecks"
        case serviceChecks = "ServiceChecks"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ indexed: Indexed<Session>) {
        let session = indexed.value
        id = session.id
        name = session.name
        node = session.node.text
        lockDelay = Int64(session.lockDelay / .nanoseconds(1))
        behavior = session.behavior.rawValue
        timeToLive = session.timeToLive?.text ?? ""
        nodeChecks = session.nodeChecks
        serviceChecks = session.serviceChecks.isEmpty ? nil : session.serviceChecks.map { ServiceCheck(id: $0) }
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(id, forKey: .id)
        try json.encode(name, forKey: .name)
        try json.encode(node, forKey: .node)
        try json.encode(lockDelay, forKey: .lockDelay)
        try json.encode(behavior, forKey: .behavior)
        try json.encode(timeToLive, forKey: .timeToLive)
        try json.encode(nodeChecks, forKey: .nodeChecks)
        // Also where there are none.
        try json.encode(serviceChecks, forKey: .serviceChecks)
        try json.encode(createIndex, forKey: .createIndex)
        try json.encode(modifyIndex, forKey: .modifyIndex)
    }
}

/// The answer to a session's creation.
struct SessionIDJSON: Encodable {
    var id: String

    enum CodingKeys: String, CodingKey {
        case id = "ID"
    }
}

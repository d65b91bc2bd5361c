import Foundation
import Registry

/// The body of `PUT /v1/txn`: a list of operations.
///
/// What is no such list is refused as a whole; an operation that makes no sense is one that fails, as in Consul.
///
/// - SeeAlso: Consul's "Transaction" page; Go's `api.TxnOp`.
struct TransactionBody {
    static let maximumOperations = 64

    let transaction: Transaction

    /// - Throws: ``APIError/tooManyOperations(_:limit:)``; ``FieldError``; `LabelError` for the name of a node or service.
    init(_ body: [UInt8], agent: Agent, policy: NamePolicy) throws {
        let values: [JSONValue]
        do {
            values =
                switch try JSONReader.read(body) {
                case .array(let values): values
                case .null: []
                case let value: throw FieldError("it must be an array, not \(value.kind)")
                }
        } catch {
            throw FieldError("Failed to parse body: \(error)")
        }
        guard values.count <= Self.maximumOperations else {
            throw APIError.tooManyOperations(values.count, limit: Self.maximumOperations)
        }
        let reader = OperationReader(agent: agent, policy: policy)
        transaction = Transaction(
            try values.enumerated().compactMap { position, value in
                guard value != .null else { throw FieldError("operation \(position)", "must be an object, not null") }
                var fields = try JSONFields(value, at: "operation \(position)")
                return try reader.operation(from: &fields)
            })
    }
}

/// Reads one operation of a transaction.
private struct OperationReader {
    let agent: Agent
    let policy: NamePolicy

    /// - Returns: `nil`: there is nothing to do.
    func operation(from fields: inout JSONFields) throws -> Transaction.Operation? {
        var operations: [Transaction.Operation] = []
        if var key = try take("KV", from: &fields) { operations.append(try self.key(from: &key)) }
        if var node = try take("Node", from: &fields) { operations.append(try self.node(from: &node)) }
        if var service = try take("Service", from: &fields) { operations.append(try self.service(from: &service)) }
        if var check = try take("Check", from: &fields) { operations.append(try self.check(from: &check)) }
        try fields.end()
        guard operations.count < 2 else { throw FieldError(fields.name("KV"), "and others exclude each other") }
        return operations.first
    }

    private func take(_ name: String, from fields: inout JSONFields) throws(FieldError) -> JSONFields? {
        guard let value = fields.take(name) else { return nil }
        return try JSONFields(value, at: fields.name(name))
    }

    // MARK: Keys

    private func key(from fields: inout JSONFields) throws -> Transaction.Operation {
        let verb = try fields.text("Verb", octets: 64) ?? ""
        let name = try fields.rawText("Key") ?? ""
        let content = KeyOperation.Content(
            value: try value(from: &fields), flags: try fields.integer("Flags", in: 0...UInt64.max) ?? 0)
        let index = try fields.integer("Index", in: 0...UInt64.max) ?? 0
        let session = try fields.text("Session") ?? ""
        if let namespace = try fields.text("Namespace"), !namespace.isEmpty {
            throw FieldError(fields.name("Namespace"), "is not supported")
        }
        try fields.end()
        do throws(KeyError) {
            switch verb {
            case "get-tree": return .key(.getTree(try KeyPrefix(name)))
            case "delete-tree": return .key(.deleteTree(try KeyPrefix(name)))
            default: break
            }
            let key = try Key(name)
            switch verb {
            case "set": return .key(.set(key, content))
            case "cas": return .key(.compareAndSet(key, content, index: index))
            case "lock": return .key(.lock(key, content, session))
            case "unlock": return .key(.unlock(key, content, session))
            case "get": return .key(.get(key))
            case "check-index": return .key(.checkIndex(key, index))
            case "check-session": return .key(.checkSession(key, session))
            case "check-not-exists": return .key(.checkNotExists(key))
            case "delete": return .key(.delete(key))
            case "delete-cas": return .key(.compareAndDelete(key, index: index))
            default: return .impossible("unknown KV verb \(quoted(verb))")
            }
        } catch .empty {
            return .impossible("Must provide key")
        } catch {
            return .impossible(error.description)
        }
    }

    private func value(from fields: inout JSONFields) throws(FieldError) -> [UInt8] {
        guard let text = try fields.rawText("Value") else { return [] }
        guard let value = Data(base64Encoded: text) else {
            throw FieldError("Failed to parse body: \(fields.name("Value")) must be Base64")
        }
        return [UInt8](value)
    }

    // MARK: The catalog

    private func node(from fields: inout JSONFields) throws -> Transaction.Operation {
        let verb = try fields.text("Verb", octets: 64) ?? ""
        guard var node = try take("Node", from: &fields) else { return .impossible("Must provide node") }
        try fields.end()
        let text = try node.text("Node") ?? ""
        guard !text.isEmpty else { return .impossible("Must provide node") }
        let name = try NodeName(text)
        guard verb == "get" || name != agent.node else { return .impossible(CatalogError.ownNode(name).description) }
        let index = try node.integer("ModifyIndex", in: 0...UInt64.max) ?? 0
        return try catalog(verb, .node(name), kind: "Node", index: index) {
            try .node(Node(from: &node, name: name, agent: agent))
        }
    }

    private func service(from fields: inout JSONFields) throws -> Transaction.Operation {
        let verb = try fields.text("Verb", octets: 64) ?? ""
        let text = try fields.text("Node") ?? ""
        guard !text.isEmpty else { return .impossible("Must provide node") }
        let node = try NodeName(text)
        guard var service = try take("Service", from: &fields) else { return .impossible("Must provide service") }
        try fields.end()
        let index = try service.integer("ModifyIndex", in: 0...UInt64.max) ?? 0
        guard verb != "set", verb != "cas" else {
            let instance = try InstanceFields(from: &service, nameField: "Service", node: node, policy: policy).instance
            service.dropAnswers(["ContentHash", "Namespace"])
            try service.end()
            return try catalog(verb, .service(instance.key), kind: "Service", index: index) { .service(instance) }
        }
        let (id, name) = (try service.text("ID") ?? "", try service.text("Service") ?? "")
        let key = InstanceKey(node: node, id: id.isEmpty ? name : id)
        return try catalog(verb, .service(key), kind: "Service", index: index) { nil }
    }

    private func check(from fields: inout JSONFields) throws -> Transaction.Operation {
        let verb = try fields.text("Verb", octets: 64) ?? ""
        guard let value = fields.take("Check") else { return .impossible("Must provide check") }
        try fields.end()
        let path = fields.name("Check")
        var check = try JSONFields(value, at: path)
        let index = try check.integer("ModifyIndex", in: 0...UInt64.max) ?? 0
        let text = try check.text("Node") ?? ""
        guard !text.isEmpty else { return .impossible("Must provide node") }
        let node = try NodeName(text)
        let (id, name) = (try check.text("CheckID") ?? "", try check.text("Name") ?? "")
        let key = CheckKey(node: node, id: id.isEmpty ? name : id)
        return try catalog(verb, .check(key), kind: "Check", index: index) {
            .check(try CatalogCheck(value, at: path, node: node).check)
        }
    }

    /// - Parameter content: what is to be put there, for verbs that do.
    private func catalog(
        _ verb: String, _ subject: CatalogOperation.Subject, kind: String, index: UInt64,
        _ content: () throws -> CatalogOperation.Content?
    ) throws -> Transaction.Operation {
        switch verb {
        case "get": return .catalog(.get(subject))
        case "delete": return .catalog(.delete(subject))
        case "delete-cas": return .catalog(.compareAndDelete(subject, index: index))
        case "set": if let content = try content() { return .catalog(.set(content)) }
        case "cas": if let content = try content() { return .catalog(.compareAndSet(content, index: index)) }
        default: break
        }
        return .impossible("unknown \(kind) verb \(quoted(verb))")
    }
}

extension Node {
    /// Reads what a transaction puts in a node's place.
    fileprivate init(from fields: inout JSONFields, name: NodeName, agent: Agent) throws {
        var id = ""
        if let text = try fields.text("ID"), !text.isEmpty {
            guard let parsed = UUID(uuidString: text) else {
                throw FieldError("Bad node ID: \(quoted(text)) is no UUID")
            }
            id = parsed.uuidString.lowercased()
        }
        guard let address = try fields.address("Address") else {
            throw FieldError(fields.name("Address"), "is missing")
        }
        try fields.takeDatacenter(agent.datacenter)
        let meta = try fields.meta("Meta", reserving: false)
        var taggedAddresses: [String: Address] = [:]
        let path = fields.name("TaggedAddresses")
        for (role, value) in try fields.roles("TaggedAddresses") {
            let text = try JSONFields.text(value, at: "\(path).\(role)")
            taggedAddresses[role] = try JSONFields.address(text, at: "\(path).\(role)")
        }
        fields.dropAnswers([])
        try fields.end()
        self.init(name: name, id: id, address: address, taggedAddresses: taggedAddresses, meta: meta)
    }
}

import DNS
import Registry

/// The fields of one instance, in a registration with the agent as in one with the catalog.
struct InstanceFields {
    var instance: ServiceInstance
    /// The name that was asked for, where the policy rewrote it.
    var originalName: String?

    /// Consul has no limits on tags; these are far above what proxies put into them.
    private static let maximumTags = 256
    private static let maximumTagOctets = 16 * 1024

    /// - Parameter nameField: what the service's name is called there.
    /// - Throws: ``FieldError``, or `LabelError` for a name that `policy` does not let in.
    init(from fields: inout JSONFields, nameField: String, node: NodeName, policy: NamePolicy) throws {
        try Self.refuseMesh(&fields)
        let givenID = try fields.text("ID") ?? ""
        guard let name = try fields.text(nameField), !name.isEmpty else { throw FieldError("Missing service name") }
        let id = givenID.isEmpty ? name : givenID
        guard id.utf8.count <= 255 else { throw FieldError(fields.name("ID"), "is longer than 255 octets") }
        let serviceName = try ServiceName(name, policy: policy)

        instance = ServiceInstance(
            node: node, id: id, name: serviceName,
            tags: try Self.tags(&fields),
            address: try fields.address("Address"),
            port: try fields.integer("Port", in: 0...UInt16.max) ?? 0,
            meta: try fields.meta("Meta", reserving: true),
            taggedAddresses: try Self.taggedAddresses(&fields),
            weights: try Self.weights(&fields),
            enableTagOverride: try fields.bool("EnableTagOverride", or: "enable_tag_override") ?? false)
        originalName = serviceName.text == name ? nil : name
        if let originalName { instance.originalName = originalName }
    }

    /// What says nothing of a mesh is let in: it is what reading shows, and some send back what they read.
    private static func refuseMesh(_ fields: inout JSONFields) throws(FieldError) {
        if let kind = try fields.text("Kind"), !["", "typical"].contains(kind) {
            throw FieldError(fields.name("Kind"), "\(quoted(kind)) is not supported: Berth is not a service mesh")
        }
        for name in ["Proxy", "Connect"] {
            guard let value = fields.take(name), !value.saysNothing else { continue }
            throw FieldError(fields.name(name), "is not supported: Berth is not a service mesh")
        }
    }

    private static func tags(_ fields: inout JSONFields) throws(FieldError) -> [String] {
        let tags = try fields.texts("Tags", atMost: maximumTags) ?? []
        guard tags.reduce(0, { $0 + $1.utf8.count }) <= maximumTagOctets else {
            throw FieldError(fields.name("Tags"), "are longer than \(maximumTagOctets) octets together")
        }
        return tags
    }

    private static func taggedAddresses(_ fields: inout JSONFields) throws(FieldError) -> [String: TaggedAddress] {
        var addresses: [String: TaggedAddress] = [:]
        let path = fields.name("TaggedAddresses")
        for (role, value) in try fields.roles("TaggedAddresses", or: "tagged_addresses") {
            var tagged = try JSONFields(value, at: "\(path).\(role)")
            guard let address = try tagged.address("Address") else {
                throw FieldError(tagged.name("Address"), "is missing")
            }
            let port = try tagged.integer("Port", in: 0...UInt16.max) ?? 0
            try tagged.end()
            addresses[role] = TaggedAddress(address: address, port: port)
        }
        return addresses
    }

    private static func weights(_ fields: inout JSONFields) throws(FieldError) -> Weights {
        let path = fields.name("Weights")
        guard let value = fields.take("Weights") else { return Weights() }
        var fields = try JSONFields(value, at: path)
        // As in Consul, who gives weights gives both: a missing number is 0, and 0 is no weight for passing.
        let passing = try fields.integer("Passing", in: 0...UInt16.max) ?? 0
        let warning = try fields.integer("Warning", in: 0...UInt16.max) ?? 0
        try fields.end()
        guard passing > 0 else { throw FieldError(fields.name("Passing"), "must be greater than 0") }
        return Weights(passing: passing, warning: warning)
    }
}

extension ServiceInstance {
    /// What a rewritten name was before, as derivations from containers keep it too.
    var originalName: String? {
        get { meta[ServiceName.originalNameKey] }
        set { meta[ServiceName.originalNameKey] = newValue }
    }
}

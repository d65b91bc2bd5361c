import DNS
import Registry

/// The body of `PUT /v1/agent/service/register`: one instance on this node and its checks.
///
/// - SeeAlso: Consul's "Register Service" page; Go's `api.AgentServiceRegistration`.
struct ServiceRegistration {
    var instance: ServiceInstance
    var checks: [HealthCheck]
    /// The name that was asked for, where the policy rewrote it.
    var originalName: String?
    /// Checks that were asked to run more often than Berth runs any, with the interval that was asked for.
    var slowedChecks: [(key: CheckKey, asked: Duration)]

    /// Consul has no limits on tags; these are far above what proxies put into them.
    private static let maximumTags = 256
    private static let maximumTagOctets = 16 * 1024
    private static let maximumChecks = 64
    private static let maximumPairs = 64

    /// - Throws: ``FieldError``, or `LabelError` for a name that `policy` does not let in.
    init(_ body: JSONValue, node: NodeName, policy: NamePolicy) throws {
        var fields = try JSONFields(body)
        try Self.refuseMesh(&fields)
        guard let name = try fields.text("Name"), !name.isEmpty else { throw FieldError("Missing service name") }
        let id = try Self.id(&fields) ?? name
        guard id.utf8.count <= 255 else { throw FieldError("ID", "is longer than 255 octets") }
        let serviceName = try ServiceName(name, policy: policy)

        instance = ServiceInstance(
            node: node, id: id, name: serviceName,
            tags: try Self.tags(&fields),
            address: try Self.address(&fields, "Address"),
            port: try fields.integer("Port", in: 0...UInt16.max) ?? 0,
            meta: try Self.meta(&fields),
            taggedAddresses: try Self.taggedAddresses(&fields),
            weights: try Self.weights(&fields),
            enableTagOverride: try fields.bool("EnableTagOverride", or: "enable_tag_override") ?? false)
        originalName = serviceName.text == name ? nil : name
        if let originalName { instance.originalName = originalName }
        (checks, slowedChecks) = try Self.checks(&fields, of: instance)
        // Access control lists are off, as in a Consul agent without them: a token is taken and not looked at.
        _ = try fields.text("Token")
        try fields.end()
    }

    private static func refuseMesh(_ fields: inout JSONFields) throws(FieldError) {
        if let kind = try fields.text("Kind"), !["", "typical"].contains(kind) {
            throw FieldError("Kind", "\(quoted(kind)) is not supported: Berth is not a service mesh")
        }
        for name in ["Proxy", "Connect"] where fields.take(name) != nil {
            throw FieldError(name, "is not supported: Berth is not a service mesh")
        }
    }

    private static func id(_ fields: inout JSONFields) throws(FieldError) -> String? {
        guard let id = try fields.text("ID"), !id.isEmpty else { return nil }
        return id
    }

    private static func tags(_ fields: inout JSONFields) throws(FieldError) -> [String] {
        let tags = try fields.texts("Tags", atMost: maximumTags) ?? []
        guard tags.reduce(0, { $0 + $1.utf8.count }) <= maximumTagOctets else {
            throw FieldError("Tags", "are longer than \(maximumTagOctets) octets together")
        }
        return tags
    }

    private static func address(_ fields: inout JSONFields, _ name: String) throws(FieldError) -> Address? {
        guard let text = try fields.text(name), !text.isEmpty else { return nil }
        let address: Address
        do throws(AddressError) {
            address = try Address(text)
        } catch {
            throw FieldError("\(fields.name(name)): \(error)")
        }
        guard address.ip?.isUnspecified != true else {
            throw FieldError(fields.name(name), "\(text) names no host; give the address that clients can reach")
        }
        return address
    }

    private static func meta(_ fields: inout JSONFields) throws(FieldError) -> [String: String] {
        var meta: [String: String] = [:]
        for (key, value) in try fields.map("Meta", atMost: maximumPairs) ?? [:] {
            let isKey = key.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isKey, (1...128).contains(key.utf8.count) else {
                throw FieldError(
                    "Meta", "key \(quoted(key)) must be 1 to 128 letters, digits, hyphens and underscores")
            }
            guard !key.lowercased().hasPrefix("consul-") else {
                throw FieldError("Meta", "key \(quoted(key)) starts with \"consul-\", which is reserved")
            }
            meta[key] = try JSONFields.text(value, at: "Meta.\(key)", octets: 512)
        }
        return meta
    }

    private static func taggedAddresses(_ fields: inout JSONFields) throws(FieldError) -> [String: TaggedAddress] {
        var addresses: [String: TaggedAddress] = [:]
        let given = try fields.map("TaggedAddresses", or: "tagged_addresses", atMost: maximumPairs) ?? [:]
        for (role, value) in given {
            guard (1...128).contains(role.utf8.count), !role.unicodeScalars.contains(where: \.isControl) else {
                throw FieldError("TaggedAddresses", "key \(quoted(role)) must be 1 to 128 printable octets")
            }
            var tagged = try JSONFields(value, at: "TaggedAddresses.\(role)")
            guard let address = try address(&tagged, "Address") else {
                throw FieldError(tagged.name("Address"), "is missing")
            }
            let port = try tagged.integer("Port", in: 0...UInt16.max) ?? 0
            try tagged.end()
            addresses[role] = TaggedAddress(address: address, port: port)
        }
        return addresses
    }

    private static func weights(_ fields: inout JSONFields) throws(FieldError) -> Weights {
        guard let value = fields.take("Weights") else { return Weights() }
        var fields = try JSONFields(value, at: "Weights")
        // As in Consul, who gives weights gives both: a missing number is 0, and 0 is no weight for passing.
        let passing = try fields.integer("Passing", in: 0...UInt16.max) ?? 0
        let warning = try fields.integer("Warning", in: 0...UInt16.max) ?? 0
        try fields.end()
        guard passing > 0 else { throw FieldError("Weights.Passing", "must be greater than 0") }
        return Weights(passing: passing, warning: warning)
    }

    private static func checks(
        _ fields: inout JSONFields, of instance: ServiceInstance
    ) throws -> (all: [HealthCheck], slowed: [(key: CheckKey, asked: Duration)]) {
        var given: [CheckRegistration] = []
        if let value = fields.take("Check"), value != .object([]) {
            given.append(try CheckRegistration(value, at: "Check"))
        }
        for (position, value) in try (fields.list("Checks", atMost: maximumChecks) ?? []).enumerated() {
            given.append(try CheckRegistration(value, at: "Checks[\(position)]"))
        }
        let checks = given.enumerated().map { position, check in
            let number = given.count > 1 ? ":\(position + 1)" : ""
            return check.check(of: instance, defaultID: "service:\(instance.id)\(number)")
        }
        var ids: Set<CheckID> = []
        if let double = checks.first(where: { !ids.insert($0.id).inserted }) {
            throw FieldError("two checks have the CheckID \(quoted(double.id))")
        }
        let slowed = zip(checks, given).compactMap { check, given in
            given.refusedInterval.map { (key: check.key, asked: $0) }
        }
        return (checks, slowed)
    }
}

extension ServiceInstance {
    /// What a rewritten name was before, as derivations from containers keep it too.
    var originalName: String? {
        get { meta[ServiceName.originalNameKey] }
        set { meta[ServiceName.originalNameKey] = newValue }
    }
}

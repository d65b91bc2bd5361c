import DNS
import Registry

/// Members that nodes and instances have alike.
extension JSONFields {
    private static let maximumPairs = 64

    /// `nil`: none, or an empty one.
    mutating func address(_ name: String) throws(FieldError) -> Address? {
        guard let text = try text(name), !text.isEmpty else { return nil }
        return try Self.address(text, at: self.name(name))
    }

    static func address(_ text: String, at path: String) throws(FieldError) -> Address {
        let address: Address
        do throws(AddressError) {
            address = try Address(text)
        } catch {
            throw FieldError("\(path): \(error)")
        }
        guard address.ip?.isUnspecified != true else {
            throw FieldError(path, "\(text) names no host; give the address that clients can reach")
        }
        return address
    }

    /// Metadata within Consul's limits.
    ///
    /// - Parameter reserving: whether keys that begin with `consul-` are refused.
    mutating func meta(_ name: String, reserving: Bool) throws(FieldError) -> [String: String] {
        let path = self.name(name)
        var meta: [String: String] = [:]
        for (key, value) in try map(name, atMost: Self.maximumPairs) ?? [:] {
            guard key.utf8.allSatisfy(Self.isMetaKey), (1...128).contains(key.utf8.count) else {
                throw FieldError(path, "key \(quoted(key)) must be 1 to 128 letters, digits, hyphens and underscores")
            }
            guard !reserving || !key.lowercased().hasPrefix("consul-") else {
                throw FieldError(path, "key \(quoted(key)) starts with \"consul-\", which is reserved")
            }
            meta[key] = try Self.text(value, at: "\(path).\(key)", octets: 512)
        }
        return meta
    }

    private static func isMetaKey(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// An object whose member names are roles of addresses, such as `lan`.
    mutating func roles(_ name: String, or alias: String? = nil) throws(FieldError) -> [String: JSONValue] {
        let roles = try map(name, or: alias, atMost: Self.maximumPairs) ?? [:]
        for role in roles.keys {
            guard (1...128).contains(role.utf8.count), !role.unicodeScalars.contains(where: \.isControl) else {
                throw FieldError(self.name(name), "key \(quoted(role)) must be 1 to 128 printable octets")
            }
        }
        return roles
    }
}

extension JSONValue {
    /// True for what Go's encoder writes for fields that were not set, however deep.
    var saysNothing: Bool {
        switch self {
        case .null, .bool(false), .string(""), .string("0s"): true
        case .number(let digits): digits == "0"
        case .array(let elements): elements.isEmpty
        case .object(let members): members.allSatisfy(\.value.saysNothing)
        default: false
        }
    }
}

import Registry

/// The members of one JSON object, taken out one by one under Consul's rules: names match without case, `null` is the
/// same as nothing, of several members that mean the same the last counts, and what nobody took is an error.
struct JSONFields {
    private var members: [(folded: String, member: JSONValue.Member)] = []
    /// Where the object stands in the body, such as `Checks[0].`; empty for the body itself.
    private let path: String

    /// - Throws: ``FieldError`` unless `value` is an object; inside the body `null` is an empty one.
    init(_ value: JSONValue, at path: String = "") throws(FieldError) {
        self.path = path.isEmpty ? "" : path + "."
        switch value {
        case .null where !path.isEmpty: break
        case .object(let members): self.members = members.map { (CaselessText($0.name).folded, $0) }
        default: throw FieldError(path.isEmpty ? "the body" : path, "must be an object, not \(value.kind)")
        }
    }

    var isEmpty: Bool { members.isEmpty }

    /// Takes the member called `name` or, where Consul has one, by its old spelling `alias`.
    mutating func take(_ name: String, or alias: String? = nil) -> JSONValue? {
        let names = [CaselessText(name).folded, alias ?? ""]
        let taken = members.last { names.contains($0.folded) && $0.member.value != .null }
        members.removeAll { names.contains($0.folded) }
        return taken?.member.value
    }

    /// Ends the reading.
    ///
    /// - Throws: ``FieldError`` naming the first member that was not taken.
    func end() throws(FieldError) {
        guard let unknown = members.first else { return }
        throw FieldError("unknown field \(quoted(path + unknown.member.name))")
    }

    /// The name of a member as messages show it.
    func name(_ name: String) -> String { path + name }
}

/// Members by type. Each is `nil` where the member is missing or `null` and throws ``FieldError`` where it has another
/// type.
extension JSONFields {
    /// A text without control characters.
    mutating func text(_ name: String, or alias: String? = nil, octets limit: Int = 4096) throws(FieldError) -> String?
    {
        guard let value = take(name, or: alias) else { return nil }
        return try Self.text(value, at: self.name(name), octets: limit)
    }

    /// A text as it is.
    mutating func rawText(_ name: String) throws(FieldError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else {
            throw FieldError(self.name(name), "must be a string, not \(value.kind)")
        }
        return text
    }

    mutating func bool(_ name: String, or alias: String? = nil) throws(FieldError) -> Bool? {
        guard let value = take(name, or: alias) else { return nil }
        guard case .bool(let bool) = value else {
            throw FieldError(self.name(name), "must be true or false, not \(value.kind)")
        }
        return bool
    }

    mutating func integer<Value: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Value>
    ) throws(FieldError) -> Value? {
        guard let value = take(name) else { return nil }
        guard case .number(let digits) = value, let integer = Value(digits), range.contains(integer) else {
            let found = if case .number = value { "" } else { ", not \(value.kind)" }
            throw FieldError(
                self.name(name), "must be a whole number from \(range.lowerBound) to \(range.upperBound)\(found)")
        }
        return integer
    }

    /// A Go duration such as `"10s"`, or a number of nanoseconds; never negative.
    mutating func duration(_ name: String, or alias: String? = nil) throws(FieldError) -> Duration? {
        guard let value = take(name, or: alias) else { return nil }
        let duration: Duration? =
            switch value {
            case .string(let text): GoDuration.parse(text)
            case .number(let digits): Int64(digits).flatMap { $0 < 0 ? nil : .nanoseconds($0) }
            default: nil
            }
        guard let duration else {
            throw FieldError(
                self.name(name), "must be a duration such as \"10s\" or \"1m30s\", or a number of nanoseconds")
        }
        return duration
    }

    mutating func list(
        _ name: String, or alias: String? = nil, atMost limit: Int
    ) throws(FieldError) -> [JSONValue]? {
        guard let value = take(name, or: alias) else { return nil }
        guard case .array(let elements) = value else {
            throw FieldError(self.name(name), "must be an array, not \(value.kind)")
        }
        guard elements.count <= limit else { throw FieldError(self.name(name), "has more than \(limit) elements") }
        return elements
    }

    mutating func texts(
        _ name: String, or alias: String? = nil, atMost limit: Int
    ) throws(FieldError) -> [String]? {
        guard let elements = try list(name, or: alias, atMost: limit) else { return nil }
        return try Self.texts(elements, at: self.name(name))
    }

    /// An object whose member names are data, such as metadata; of equal names the last counts.
    mutating func map(
        _ name: String, or alias: String? = nil, atMost limit: Int
    ) throws(FieldError) -> [String: JSONValue]? {
        guard let value = take(name, or: alias) else { return nil }
        guard case .object(let members) = value else {
            throw FieldError(self.name(name), "must be an object, not \(value.kind)")
        }
        let map = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
        guard map.count <= limit else { throw FieldError(self.name(name), "has more than \(limit) members") }
        return map
    }

    /// - Throws: ``FieldError`` unless `value` is a string without control characters of at most `limit` octets.
    static func text(_ value: JSONValue, at path: String, octets limit: Int = 4096) throws(FieldError) -> String {
        guard case .string(let text) = value else { throw FieldError(path, "must be a string, not \(value.kind)") }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw FieldError(path, "contains a control character")
        }
        guard text.utf8.count <= limit else { throw FieldError(path, "is longer than \(limit) octets") }
        return text
    }

    static func texts(_ elements: [JSONValue], at path: String) throws(FieldError) -> [String] {
        var texts: [String] = []
        for (position, element) in elements.enumerated() {
            texts.append(try text(element, at: "\(path)[\(position)]"))
        }
        return texts
    }
}

extension Unicode.Scalar {
    /// True for C0, DEL and C1: nothing that belongs in a name or an address.
    var isControl: Bool { properties.generalCategory == .control }
}

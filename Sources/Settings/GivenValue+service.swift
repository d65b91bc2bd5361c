/// What is said of one service, or of all whose names start alike.
package struct OfService<Value: Hashable & Sendable>: Hashable, Sendable {
    /// A service's name, or the start of one and `*`.
    package var service: String
    package var value: Value

    package init(_ service: String, _ value: Value) {
        self.service = service
        self.value = value
    }
}

extension GivenValue {
    /// `NAME=VALUE`, a list of such, or a map from names to values.
    ///
    /// - Parameters:
    ///   - form: what a scalar must be, for the message.
    ///   - allowsBare: a value without a name is for all services.
    func ofServices<Value>(
        _ form: String, allowsBare: Bool = false, as meaning: (GivenValue) -> () throws(Refusal) -> Value
    ) throws(Refusal) -> [OfService<Value>] {
        switch self.form {
        case .nothing: return []
        case .scalar(let text, let quoted):
            guard let equals = text.firstIndex(of: "=") else {
                guard allowsBare else { throw Refusal("must be \(form), not \(text.shown)") }
                return [OfService("*", try meaning(GivenValue(.scalar(text, quoted: quoted), at: origin))())]
            }
            let value = GivenValue(.scalar(String(text[text.index(after: equals)...]), quoted: false), at: origin)
            return [try Self.ofService(String(text[..<equals]), value, meaning)]
        case .list(let elements):
            return try Self.all(elements.map { ($0.origin, $0) }) { element throws(Refusal) in
                try element.ofServices(form, allowsBare: allowsBare, as: meaning)
            }
        case .map(let entries):
            return try Self.all(entries.map { ($0.origin, $0) }) { entry throws(Refusal) in
                [try Self.ofService(entry.key, entry.value, meaning)]
            }
        }
    }

    /// Everything that the parts give, or everything that is wrong with them.
    private static func all<Part, Value>(
        _ parts: [(origin: Origin, part: Part)], _ read: (Part) throws(Refusal) -> [Value]
    ) throws(Refusal) -> [Value] {
        var values: [Value] = []
        var reasons: [Refusal.Reason] = []
        for (origin, part) in parts {
            do {
                values += try read(part)
            } catch {
                reasons += error.reasons.map { Refusal.Reason(text: $0.text, origin: $0.origin ?? origin) }
            }
        }
        guard reasons.isEmpty else { throw Refusal(reasons) }
        return values
    }

    private static func ofService<Value>(
        _ name: String, _ value: GivenValue, _ meaning: (GivenValue) -> () throws(Refusal) -> Value
    ) throws(Refusal) -> OfService<Value> {
        let stem = name.hasSuffix("*") ? name.dropLast() : name[...]
        guard !name.isEmpty, stem.utf8.count <= 63, !stem.contains("*"), !stem.contains(".") else {
            throw Refusal("must be for a service's name, the start of one and *, or * alone, not for \(name.shown)")
        }
        return OfService(name, try meaning(value)())
    }
}

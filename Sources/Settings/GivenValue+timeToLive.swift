extension GivenValue {
    /// A duration in whole seconds, at most 2^31 - 1 of them, which is a TTL's limit (RFC 2181 8): `10s`, `1h30m`, `0`.
    func timeToLive() throws(Refusal) -> UInt32 {
        guard case .scalar(let text, _) = form, let seconds = Self.seconds(text) else {
            throw Refusal("must be a duration in whole seconds, such as 10s, 5m or 1h30m, not \(shown)")
        }
        return seconds
    }

    /// `NAME=DURATION`, or a map from names to durations.
    func serviceTimesToLive() throws(Refusal) -> [ServiceTimeToLive] {
        switch form {
        case .nothing: return []
        case .scalar(let text, _):
            guard let equals = text.firstIndex(of: "=") else {
                throw Refusal("must be NAME=DURATION, such as web=10s or db*=1m, not \(text.shown)")
            }
            let value = GivenValue(.scalar(String(text[text.index(after: equals)...]), quoted: false), at: origin)
            return [try Self.serviceTimeToLive(String(text[..<equals]), value)]
        case .list(let elements):
            var times: [ServiceTimeToLive] = []
            var reasons: [Refusal.Reason] = []
            for element in elements {
                do { times += try element.serviceTimesToLive() } catch {
                    reasons += error.reasons.map { Refusal.Reason(text: $0.text, origin: $0.origin ?? element.origin) }
                }
            }
            guard reasons.isEmpty else { throw Refusal(reasons) }
            return times
        case .map(let entries):
            var times: [ServiceTimeToLive] = []
            var reasons: [Refusal.Reason] = []
            for (key, origin, value) in entries {
                do { times.append(try Self.serviceTimeToLive(key, value)) } catch {
                    reasons += error.reasons.map { Refusal.Reason(text: $0.text, origin: $0.origin ?? origin) }
                }
            }
            guard reasons.isEmpty else { throw Refusal(reasons) }
            return times
        }
    }

    private static func serviceTimeToLive(_ name: String, _ value: GivenValue) throws(Refusal) -> ServiceTimeToLive {
        let stem = name.hasSuffix("*") ? name.dropLast() : name[...]
        guard !name.isEmpty, stem.utf8.count <= 63, !stem.contains("*"), !stem.contains(".") else {
            throw Refusal("must be for a service's name, the start of one and *, or * alone, not for \(name.shown)")
        }
        return ServiceTimeToLive(service: name, seconds: try value.timeToLive())
    }

    /// Numbers with their units, the greatest first or not, each unit at most once; a bare `0`.
    private static func seconds(_ text: String) -> UInt32? {
        if text == "0" { return 0 }
        var total: UInt64 = 0
        var rest = text[...]
        var units: [Character: UInt64] = ["h": 3600, "m": 60, "s": 1]
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard digits.utf8.count <= 10, let number = UInt64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            guard let letter = rest.popFirst(), let unit = units.removeValue(forKey: letter) else { return nil }
            total += number * unit
        }
        guard !text.isEmpty, total <= UInt64(Int32.max) else { return nil }
        return UInt32(total)
    }
}

import DNS

extension GivenValue {
    /// A duration in whole seconds, at most 2^31 - 1 of them, which is a TTL's limit (RFC 2181 8): `10s`, `1h30m`, `0`.
    func timeToLive() throws(Refusal) -> UInt32 {
        guard case .scalar(let text, _) = form, let seconds = Self.seconds(text) else {
            throw Refusal("must be a duration in whole seconds, such as 10s, 5m or 1h30m, not \(shown)")
        }
        return seconds
    }

    /// A duration in whole seconds that is more than nothing.
    func flapWindow() throws(Refusal) -> UInt32 {
        let seconds = try timeToLive()
        guard seconds > 0 else { throw refusal(mustBe: "at least 1s") }
        return seconds
    }

    /// Times to live by service.
    func serviceTimesToLive() throws(Refusal) -> [OfService<UInt32>] {
        try ofServices("NAME=DURATION, such as web=10s or db*=1m", as: GivenValue.timeToLive)
    }

    /// Orders by service; one without a name is for all.
    func serviceOrders() throws(Refusal) -> [OfService<AnswerOrder>] {
        try ofServices("[NAME=]ORDER", allowsBare: true, as: GivenValue.word)
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

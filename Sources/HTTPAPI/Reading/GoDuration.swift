/// Durations as Go writes them: `300ms`, `1.5h`, `2h45m`.
enum GoDuration {
    /// Reads a duration of at most about 292 years.
    ///
    /// - Returns: `nil` for anything else, a negative duration, or a number without a unit other than `0`.
    /// - SeeAlso: Go's `time.ParseDuration`.
    static func parse(_ text: String) -> Duration? {
        guard text != "0" else { return .zero }
        var rest = Substring(text)
        var nanoseconds: Int64 = 0
        repeat {
            guard let part = parsePart(&rest) else { return nil }
            let (sum, overflow) = nanoseconds.addingReportingOverflow(part)
            guard !overflow else { return nil }
            nanoseconds = sum
        } while !rest.isEmpty
        return .nanoseconds(nanoseconds)
    }

    /// One number with its unit, in nanoseconds.
    private static func parsePart(_ rest: inout Substring) -> Int64? {
        let whole = digits(&rest)
        var fraction: Substring = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = digits(&rest)
        }
        let unit = rest.prefix { !isDigit($0) && $0 != "." }
        rest.removeFirst(unit.count)
        guard !(whole.isEmpty && fraction.isEmpty), let scale = scales[String(unit)] else { return nil }

        guard let count = whole.isEmpty ? 0 : Int64(whole) else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        // Nine digits are more than any unit up to the second can show, and enough of an hour.
        let shown = fraction.prefix(9)
        let power = shown.reduce(1.0) { power, _ in power * 10 }
        let part = shown.isEmpty ? 0 : Int64((Double(shown) ?? 0) / power * Double(scale))
        let (sum, tooLarge) = value.addingReportingOverflow(part)
        return tooLarge ? nil : sum
    }

    private static let scales: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    private static func digits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix(while: isDigit)
        rest.removeFirst(digits.count)
        return digits
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    /// Writes a duration that is not negative: `1m30s`, `1.5s`, `20ms`, `0s`.
    ///
    /// - SeeAlso: Go's `time.Duration.String`.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = attoseconds / 1_000_000_000
        guard seconds > 0 else {
            switch nanoseconds {
            case 0: return "0s"
            case 1_000_000...: return decimal(nanoseconds, digits: 6) + "ms"
            case 1000...: return decimal(nanoseconds, digits: 3) + "µs"
            default: return "\(nanoseconds)ns"
            }
        }
        let hours = seconds >= 3600 ? "\(seconds / 3600)h" : ""
        let minutes = seconds >= 60 ? "\(seconds / 60 % 60)m" : ""
        return hours + minutes + decimal(seconds % 60 * 1_000_000_000 + nanoseconds, digits: 9) + "s"
    }

    /// A number with so many digits after the point, without the zeros at its end.
    private static func decimal(_ value: Int64, digits: Int) -> String {
        var fraction = String(value)
        fraction = String(repeating: "0", count: max(0, digits + 1 - fraction.count)) + fraction
        let whole = fraction.dropLast(digits)
        var rest = fraction.suffix(digits)
        while rest.last == "0" { rest.removeLast() }
        return rest.isEmpty ? String(whole) : "\(whole).\(rest)"
    }
}

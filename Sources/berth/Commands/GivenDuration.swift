import ArgumentParser

/// A duration as Go writes it: `300ms`, `1.5h`, `2h45m`.
struct GivenDuration: ExpressibleByArgument {
    let value: Duration

    init?(argument: String) {
        var rest = argument[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        guard let value = rest == "0" ? .zero : Self.sum(rest) else { return nil }
        self.value = isNegative ? .zero - value : value
    }

    private static func sum(_ text: Substring) -> Duration? {
        var rest = text
        var sum = Duration.zero
        repeat {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest[unit.endIndex...]
            guard let count = Double(number), let seconds = units[String(unit)], count * seconds < 1e9 else {
                return nil
            }
            sum += .seconds(count * seconds)
        } while !rest.isEmpty
        return sum
    }

    private static let units: [String: Double] = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600,
    ]
}

import Registry

/// What one run of a check says.
struct Verdict: Hashable, Sendable {
    var status: HealthStatus
    var output: String
}

/// The rules by which runs become statuses, and statuses become writes; pure.
enum HealthJudge {
    /// What a check's output may take, in octets.
    static let maximumOutput = 4096
    /// How long a changed output with an unchanged status may wait: outputs hold clocks and counters, and every write
    /// is journalled and wakes readers.
    static let outputPeriod = Duration.seconds(300)

    /// - Parameters:
    ///   - code: the HTTP status code.
    ///   - body: its beginning is enough.
    static func http(_ probe: CheckDefinition.HTTPProbe, code: UInt, reason: String, body: [UInt8]) -> Verdict {
        let status: HealthStatus =
            switch code {
            case 200..<300: .passing
            case 429: .warning
            default: .critical
            }
        let text = String(decoding: body, as: UTF8.self)
        let output = "HTTP \(probe.method) \(probe.url): \(code) \(reason) Output: \(text)"
        return Verdict(status: status, output: cut(output))
    }

    static func connected(host: String, port: UInt16) -> Verdict {
        Verdict(status: .passing, output: "TCP connect \(host):\(port): Success")
    }

    /// - Parameter what: `TCP connect db:5432`.
    static func failed(_ what: String, reason: String) -> Verdict {
        Verdict(status: .critical, output: cut("\(what): \(reason)"))
    }

    /// Whether a verdict is worth a write.
    ///
    /// - Parameters:
    ///   - known: what the catalog says.
    ///   - age: since this check's last write, or since it was started.
    static func isNews(_ verdict: Verdict, known: Verdict, age: Duration) -> Bool {
        if verdict.status != known.status { return true }
        if verdict.output == known.output { return false }
        return known.output.isEmpty || age >= outputPeriod
    }

    /// At most ``maximumOutput`` octets, whole characters, no control characters but tabs and line ends.
    private static func cut(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            let isHarmless = scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t"
            let shown = isHarmless ? scalar : "\u{fffd}"
            guard output.utf8.count + UTF8.width(shown) <= maximumOutput else { break }
            output.unicodeScalars.append(shown)
        }
        return output
    }
}

import Logging

extension LogLine {
    /// A line for programs, with the keys always in this order:
    ///
    ///     {"time":"2026-11-23T05:20:01.250Z","level":"info","part":"docker","message":"...","metadata":{"name":"web-1"}}
    var json: String {
        var fields = [
            "\"time\":\(JSONText.quoted(timestamp))", "\"level\":\(JSONText.quoted(level.rawValue))",
            "\"part\":\(JSONText.quoted(part))", "\"message\":\(JSONText.quoted(message))",
        ]
        if !metadata.isEmpty { fields.append("\"metadata\":\(Self.object(sortedMetadata))") }
        return "{\(fields.joined(separator: ","))}\n"
    }

    private static func object(_ pairs: [(key: String, value: Logger.MetadataValue)]) -> String {
        let fields = pairs.map { "\(JSONText.quoted($0.key)):\(value($0.value))" }
        return "{\(fields.joined(separator: ","))}"
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): JSONText.quoted(text)
        case .stringConvertible(let value): JSONText.quoted("\(value)")
        case .array(let values): "[\(values.map(Self.value).joined(separator: ","))]"
        case .dictionary(let values): object(values.map { ($0.key, $0.value) }.sorted { $0.key < $1.key })
        }
    }
}

/// Text as a JSON string (RFC 8259 7).
enum JSONText {
    /// In quotes; whatever could steer a terminal or end the line is escaped.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }

    /// False for control characters, and for what changes the order or the end of a line.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension FunctionTable {
    /// Each takes a text; an empty one is the zero of its type.
    static let parsing = FunctionTable([
        "parseBool": Function(.string) { arguments in
            switch arguments[0].text.description {
            case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
            case "", "0", "f", "F", "false", "FALSE", "False": return .bool(false)
            default: throw syntaxError("Bool", arguments[0].text)
            }
        },
        "parseInt": Function(.string) { arguments in
            let text = arguments[0].text
            if text.isEmpty { return .int64(0) }
            guard let value = Int64(text.description) else { throw integerError("Int", text) }
            return .int64(value)
        },
        "parseUint": Function(.string) { arguments in
            let text = arguments[0].text
            if text.isEmpty { return .unsigned(0, .uint64) }
            guard text.octets.first != UInt8(ascii: "+"), text.octets.first != UInt8(ascii: "-"),
                let value = UInt64(text.description)
            else { throw integerError("Uint", text) }
            return .unsigned(value, .uint64)
        },
        "parseFloat": Function(.string) { arguments in
            let text = arguments[0].text
            if text.isEmpty { return .float(0) }
            guard let value = NumberConstant.parseFloat(text.description) else { throw syntaxError("Float", text) }
            return .float(value)
        },
        "parseJSON": Function(.string) { arguments in
            arguments[0].text.isEmpty ? .map(Map([])) : try JSONReader.read(arguments[0].text)
        },
    ])

    private static func syntaxError(
        _ type: String, _ text: GoString, reason: String = "invalid syntax"
    ) -> FunctionError {
        FunctionError("parse\(type): strconv.Parse\(type): parsing \(text.quoted): \(reason)")
    }

    private static func integerError(_ type: String, _ text: GoString) -> FunctionError {
        let unsigned =
            text.octets.first == UInt8(ascii: "-") && type == "Int" ? text.octets.dropFirst() : text.octets[...]
        let isNumber = !unsigned.isEmpty && unsigned.allSatisfy { (0x30...0x39).contains($0) }
        return syntaxError(type, text, reason: isNumber ? "value out of range" : "invalid syntax")
    }
}

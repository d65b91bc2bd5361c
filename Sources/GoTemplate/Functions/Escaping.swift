extension FunctionTable {
    static let escaping = FunctionTable([
        "html": Function(variadic: .any) { .string(escapedForHTML(try text(of: $0))) },
        "js": Function(variadic: .any) { .string(escapedForJavaScript(try text(of: $0))) },
        "urlquery": Function(variadic: .any) { .string(escapedForQuery(try text(of: $0))) },
    ])

    /// The arguments as `print` has them, nil being `<no value>`.
    private static func text(of arguments: [Value]) throws(FunctionError) -> GoString {
        if arguments.count == 1, case .string(let text) = arguments[0] { return text }
        return try Formatter.print(
            arguments.map { argument in
                switch argument {
                case .nil: .string("<no value>")
                case .pointer(let structure): .structure(structure)
                default: argument
                }
            })
    }

    private static func escapedForHTML(_ text: GoString) -> GoString {
        var result = GoString(octets: [])
        for octet in text.octets {
            switch Unicode.Scalar(octet) {
            case "\"": result.octets += "&#34;".utf8
            case "'": result.octets += "&#39;".utf8
            case "&": result.octets += "&amp;".utf8
            case "<": result.octets += "&lt;".utf8
            case ">": result.octets += "&gt;".utf8
            case "\0": result.octets += "\u{fffd}".utf8
            default: result.octets.append(octet)
            }
        }
        return result
    }

    private static func escapedForJavaScript(_ text: GoString) -> GoString {
        var result = GoString(octets: [])
        var index = 0
        while index < text.count {
            let rune = Rune.decode(text.octets, at: index)
            switch rune.scalar {
            case "\\", "'", "\"": result.octets += [UInt8(ascii: "\\"), text.octets[index]]
            case "<", ">", "&", "=", "\0"..<" ":
                result.octets += "\\u\(GoString.hexadecimal(rune.scalar.value, digits: 4, uppercase: true))".utf8
            case _ where rune.scalar.isASCII || rune.scalar.isPrintable && !rune.isInvalid:
                result.octets += text.octets[index..<(index + rune.width)]
            default:
                result.octets += "\\u\(GoString.hexadecimal(rune.scalar.value, digits: 4, uppercase: true))".utf8
            }
            index += rune.width
        }
        return result
    }

    private static func escapedForQuery(_ text: GoString) -> GoString {
        var result = GoString(octets: [])
        for octet in text.octets {
            switch Unicode.Scalar(octet) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "~": result.octets.append(octet)
            case " ": result.octets.append(UInt8(ascii: "+"))
            default: result.octets += "%\(GoString.hexadecimal(UInt32(octet), digits: 2, uppercase: true))".utf8
            }
        }
        return result
    }
}

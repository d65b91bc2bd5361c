/// Reads JSON (RFC 8259) as Go's encoding/json does into `interface {}`: numbers are float64, objects maps.
struct JSONReader {
    private let octets: [UInt8]
    private var position = 0
    private var depth = 0

    private static let maximumDepth = 200

    private init(_ octets: [UInt8]) { self.octets = octets }

    /// - Throws: ``FunctionError`` with Go's text.
    static func read(_ text: GoString) throws(FunctionError) -> Value {
        var reader = JSONReader(text.octets)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == reader.octets.count else {
            throw reader.invalidCharacter("after top-level value")
        }
        return value
    }

    private var current: UInt8? { position < octets.count ? octets[position] : nil }

    private mutating func skipSpace() {
        while let octet = current, [0x20, 0x09, 0x0a, 0x0d].contains(octet) { position += 1 }
    }

    private func invalidCharacter(_ context: String) -> FunctionError {
        guard position < octets.count else { return FunctionError("unexpected end of JSON input") }
        let scalar = Rune.decode(octets, at: position).scalar
        let shown =
            scalar == "'" ? "'\\''" : scalar == "\"" ? "'\"'" : GoString(String(scalar)).quoted(by: "'", ascii: false)
        return FunctionError("invalid character \(shown) \(context)")
    }

    private mutating func value() throws(FunctionError) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw FunctionError("exceeded max depth") }
        skipSpace()
        guard let octet = current else { throw invalidCharacter("looking for beginning of value") }
        switch Unicode.Scalar(octet) {
        case "{": return try object()
        case "[": return try array()
        case "\"": return .string(try string())
        case "-", "0"..."9": return .float(try number())
        case "t": return try literal("true", .bool(true))
        case "f": return try literal("false", .bool(false))
        case "n": return try literal("null", .nil)
        default: throw invalidCharacter("looking for beginning of value")
        }
    }

    private mutating func object() throws(FunctionError) -> Value {
        position += 1
        var entries: [Map.Entry] = []
        skipSpace()
        if take("}") { return .map(Map([])) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else {
                throw invalidCharacter("looking for beginning of object key string")
            }
            let key = try string()
            skipSpace()
            guard take(":") else { throw invalidCharacter("after object key") }
            entries.append((key: .string(key), value: try value()))
            skipSpace()
            if take("}") { return .map(Map(entries)) }
            guard take(",") else { throw invalidCharacter("after object key:value pair") }
        }
    }

    private mutating func array() throws(FunctionError) -> Value {
        position += 1
        var elements: [Value] = []
        skipSpace()
        if take("]") { return .list(List([])) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .list(List(elements)) }
            guard take(",") else { throw invalidCharacter("after array element") }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func literal(_ word: String, _ value: Value) throws(FunctionError) -> Value {
        for (index, octet) in word.utf8.enumerated() {
            guard current == octet else {
                let expected = word.utf8.dropFirst(index).first.map { Unicode.Scalar($0) } ?? " "
                throw invalidCharacter("in literal \(word) (expecting '\(expected)')")
            }
            position += 1
        }
        return value
    }

    private mutating func number() throws(FunctionError) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try digits("in numeric literal") }
        if take(".") { try digits("after decimal point in numeric literal") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits("in exponent of numeric literal")
        }
        let text = String(decoding: octets[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw FunctionError("json: cannot unmarshal number \(text) into Go value of type float64")
        }
        return value
    }

    private mutating func digits(_ context: String) throws(FunctionError) {
        let start = position
        while let octet = current, (0x30...0x39).contains(octet) { position += 1 }
        guard position > start else { throw invalidCharacter(context) }
    }

    private mutating func string() throws(FunctionError) -> GoString {
        position += 1
        var result: [UInt8] = []
        while let octet = current {
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                return GoString(octets: result)
            case UInt8(ascii: "\\"):
                position += 1
                result += try escape()
            case 0..<0x20: throw invalidCharacter("in string literal")
            default:
                let rune = Rune.decode(octets, at: position)
                result += rune.isInvalid ? Array("\u{fffd}".utf8) : Array(octets[position..<(position + rune.width)])
                position += rune.width
            }
        }
        throw invalidCharacter("in string literal")
    }

    private mutating func escape() throws(FunctionError) -> [UInt8] {
        guard let octet = current else { throw invalidCharacter("in string escape code") }
        if octet == UInt8(ascii: "u") {
            position += 1
            let unit = try hexadecimal()
            if let scalar = Unicode.Scalar(unit) { return Array(String(scalar).utf8) }
            // Half of a surrogate pair; alone it is U+FFFD.
            let before = position
            if unit < 0xdc00, take("\\"), take("u") {
                let low = try hexadecimal()
                if (0xdc00..<0xe000).contains(low),
                    let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
                {
                    return Array(String(scalar).utf8)
                }
            }
            position = before
            return Array("\u{fffd}".utf8)
        }
        let plain: [Unicode.Scalar: UInt8] = [
            "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 0x08, "f": 0x0c, "n": 0x0a, "r": 0x0d, "t": 0x09,
        ]
        guard let result = plain[Unicode.Scalar(octet)] else { throw invalidCharacter("in string escape code") }
        position += 1
        return [result]
    }

    private mutating func hexadecimal() throws(FunctionError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let octet = current, let digit = Character(Unicode.Scalar(octet)).hexDigitValue else {
                throw invalidCharacter("in \\u hexadecimal character escape")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

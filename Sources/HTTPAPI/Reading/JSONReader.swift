/// Reads one JSON value strictly as RFC 8259 has it: no comments, no trailing commas, no text after it.
struct JSONReader {
    static let maximumDepth = 64
    /// Octets of a number: more than any number has that means something here.
    static let maximumNumberLength = 64

    private let octets: [UInt8]
    private var position = 0

    /// - Throws: ``JSONSyntaxError``.
    static func read(_ octets: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        guard String(validating: octets, as: UTF8.self) != nil else {
            throw JSONSyntaxError(offset: 0, reason: .notUTF8)
        }
        var reader = JSONReader(octets: octets)
        let value = try reader.value(depth: 0)
        reader.skipWhiteSpace()
        guard reader.position == octets.count else { throw reader.error(.trailingText) }
        return value
    }

    private init(octets: [UInt8]) { self.octets = octets }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipWhiteSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw error(.unexpectedCharacter)
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        try open(depth: depth)
        while try !close(UInt8(ascii: "}"), isFirst: members.isEmpty) {
            skipWhiteSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedCharacter) }
            let name = try string()
            skipWhiteSpace()
            try take(UInt8(ascii: ":"))
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        try open(depth: depth)
        while try !close(UInt8(ascii: "]"), isFirst: elements.isEmpty) {
            elements.append(try value(depth: depth + 1))
        }
        return .array(elements)
    }

    private mutating func open(depth: Int) throws(JSONSyntaxError) {
        guard depth < Self.maximumDepth else { throw error(.tooDeep) }
        position += 1
    }

    /// True past the closing bracket; false where an element follows, past the comma before it.
    private mutating func close(_ bracket: UInt8, isFirst: Bool) throws(JSONSyntaxError) -> Bool {
        skipWhiteSpace()
        if try peek() == bracket {
            position += 1
            return true
        }
        if !isFirst { try take(UInt8(ascii: ",")) }
        return false
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        try take(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while true {
            let octet = try peek()
            position += 1
            switch octet {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20:
                position -= 1
                throw error(.controlCharacter)
            default: text.append(octet)
            }
        }
    }

    /// Reads what follows a backslash: the octets it stands for.
    private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
        let octet = try peek()
        position += 1
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [octet]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(try escapedScalar().utf8)
        default: throw error(.badEscape)
        }
    }

    private mutating func escapedScalar() throws(JSONSyntaxError) -> String {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            try take(UInt8(ascii: "\\"), or: .badEscape)
            try take(UInt8(ascii: "u"), or: .badEscape)
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw error(.badEscape) }
        return text
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(try peek())).hexDigitValue else { throw error(.badEscape) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = position
        skip(UInt8(ascii: "-"))
        let isZero = skip(UInt8(ascii: "0"))
        if !isZero { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { skip(UInt8(ascii: "-")) }
            try digits()
        }
        guard position - start <= Self.maximumNumberLength else { throw error(.longNumber) }
        return String(decoding: octets[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while position < octets.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octets[position]) {
            position += 1
        }
        guard position > start else { throw error(.badNumber) }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for octet in word.description.utf8 { try take(octet) }
        return value
    }

    private func peek() throws(JSONSyntaxError) -> UInt8 {
        guard position < octets.count else { throw error(.cutShort) }
        return octets[position]
    }

    private mutating func take(
        _ octet: UInt8, or reason: JSONSyntaxError.Reason = .unexpectedCharacter
    ) throws(JSONSyntaxError) {
        guard try peek() == octet else { throw error(reason) }
        position += 1
    }

    @discardableResult
    private mutating func skip(_ octet: UInt8) -> Bool {
        guard position < octets.count, octets[position] == octet else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while position < octets.count {
            switch octets[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            default: return
            }
        }
    }

    private func error(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, reason: reason)
    }
}

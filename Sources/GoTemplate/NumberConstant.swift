/// A number as written in a template: Go's untyped constant, which fits several types.
struct NumberConstant: Sendable {
    let text: String
    var signed: Int64?
    var unsigned: UInt64?
    var float: Double?
    var complex: Complex?

    /// - Throws: ``FunctionError`` with Go's text for what is no number or does not fit.
    init(_ text: String, isComplex: Bool = false) throws(FunctionError) {
        self.text = text
        if isComplex {
            // The second sign separates the parts: "1e-3+2i" has one inside the exponent, too.
            let octets = Array(text.utf8)
            let split = octets.indices.dropFirst().last { index in
                "+-".utf8.contains(octets[index]) && !"eEpP".utf8.contains(octets[index - 1])
            }
            guard let split, let real = Self.parseFloat(String(decoding: octets[..<split], as: UTF8.self)),
                let imaginary = Self.parseFloat(String(decoding: octets[split...].dropLast(), as: UTF8.self))
            else { throw FunctionError("illegal number syntax: \(GoString(text).quoted)") }
            simplify(Complex(real: real, imaginary: imaginary))
            return
        }
        if text.hasSuffix("i"), let imaginary = Self.parseFloat(String(text.dropLast())) {
            simplify(Complex(real: 0, imaginary: imaginary))
            return
        }
        unsigned = Self.parseUnsigned(text)
        signed = Self.parseSigned(text)
        if signed == 0 { unsigned = 0 }
        if let signed {
            float = Double(signed)
        } else if let unsigned {
            float = Double(unsigned)
        } else if let value = Self.parseFloat(text) {
            guard text.utf8.contains(where: { ".eEpP".utf8.contains($0) }) else {
                throw FunctionError("integer overflow: \(GoString(text).quoted)")
            }
            float = value
            signed = Int64(exactly: value)
            unsigned = UInt64(exactly: value)
        } else {
            throw FunctionError("illegal number syntax: \(GoString(text).quoted)")
        }
    }

    /// A character constant such as `'a'`.
    init(_ character: Unicode.Scalar, text: String) {
        self.text = text
        signed = Int64(character.value)
        unsigned = UInt64(character.value)
        float = Double(character.value)
    }

    private mutating func simplify(_ value: Complex) {
        complex = value
        guard value.imaginary == 0 else { return }
        float = value.real
        signed = Int64(exactly: value.real)
        unsigned = UInt64(exactly: value.real)
    }

    /// The value where nothing asks for a type.
    ///
    /// - Throws: ``FunctionError`` if it is an integer that overflows int.
    func ideal() throws(FunctionError) -> Value {
        if let complex { return .complex(complex) }
        let isHexInteger =
            text.hasPrefix("0x") || text.hasPrefix("0X") ? !text.utf8.contains { "pP".utf8.contains($0) } : false
        if let float, !isHexInteger, !text.hasPrefix("'"), text.utf8.contains(where: { ".eEpP".utf8.contains($0) }) {
            return .float(float)
        }
        guard let signed else { throw FunctionError("\(text) overflows int") }
        return .signed(signed, .int)
    }
}

/// Go's number syntax with base prefixes and underscores.
extension NumberConstant {
    static func parseUnsigned(_ text: String) -> UInt64? {
        guard let digits = withoutUnderscores(text) else { return nil }
        let (base, rest) = splitPrefix(digits)
        guard let first = rest.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return UInt64(rest, radix: base)
    }

    static func parseSigned(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let magnitude = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard let value = parseUnsigned(magnitude) else { return nil }
        return isNegative ? (value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil) : Int64(exactly: value)
    }

    /// - Returns: `nil` for what is no number, and for what is too large.
    static func parseFloat(_ text: String) -> Double? {
        guard let digits = withoutUnderscores(text), let last = digits.utf8.last,
            digits.utf8.allSatisfy({ "0123456789abcdefABCDEFxXpP+-.".utf8.contains($0) })
        else { return nil }
        let isHex = digits.utf8.contains { "xX".utf8.contains($0) }
        guard !isHex || digits.utf8.contains(where: { "pP".utf8.contains($0) }) else { return nil }
        // Go takes ".5", "5." and "+.5e1"; Swift wants digits on both sides.
        var swift = digits
        if last == UInt8(ascii: ".") { swift += "0" }
        if let dot = swift.firstIndex(of: ".") {
            let after = swift.index(after: dot)
            if after < swift.endIndex, "eEpP".contains(swift[after]) { swift.insert("0", at: after) }
            if dot == swift.startIndex || "+-xX".contains(swift[swift.index(before: dot)]) {
                swift.insert("0", at: dot)
            }
        }
        guard digits.utf8.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let value = Double(swift), value.isFinite
        else { return nil }
        return value
    }

    private static func splitPrefix(_ text: String) -> (base: Int, digits: Substring) {
        guard text.hasPrefix("0"), text.utf8.count > 1 else { return (10, text[...]) }
        return switch text.utf8.dropFirst().first {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): (16, text.dropFirst(2))
        case UInt8(ascii: "o"), UInt8(ascii: "O"): (8, text.dropFirst(2))
        case UInt8(ascii: "b"), UInt8(ascii: "B"): (2, text.dropFirst(2))
        default: (8, text.dropFirst())
        }
    }

    /// - Returns: `nil` where an underscore does not separate digits.
    private static func withoutUnderscores(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        let octets = Array(text.utf8)
        func isDigit(_ index: Int) -> Bool {
            guard octets.indices.contains(index) else { return false }
            let octet = octets[index]
            return (0x30...0x39).contains(octet) || (0x41...0x46).contains(octet & 0xdf)
        }
        for (index, octet) in octets.enumerated() where octet == UInt8(ascii: "_") {
            let followsPrefix = index == 2 && octets[0] == 0x30 && "xXoObB".utf8.contains(octets[1])
            guard isDigit(index + 1), followsPrefix || isDigit(index - 1) else { return nil }
        }
        return text.filter { $0 != "_" }
    }
}

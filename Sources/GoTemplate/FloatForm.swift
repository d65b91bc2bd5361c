/// Go's ways to write a float: `%e`, `%f` and `%g`.
enum FloatForm {
    /// `d.ddde+dd`
    case exponent(uppercase: Bool)
    /// `ddd.ddd`
    case plain
    /// With an exponent for very large and very small numbers only.
    case shortest(uppercase: Bool)

    /// - Parameters:
    ///   - number: finite and not negative.
    ///   - precision: digits after the point, for `shortest` all digits; `nil`: as few as read back the same.
    func text(of number: Double, precision: Int?) -> String {
        switch self {
        case .exponent(let uppercase):
            var decimal = precision == nil ? Decimal(shortest: number) : Decimal(exactly: number)
            if let precision { decimal.round(to: precision + 1) }
            return Self.withExponent(decimal, digits: precision ?? max(0, decimal.digits.count - 1), uppercase)
        case .plain:
            var decimal = precision == nil ? Decimal(shortest: number) : Decimal(exactly: number)
            if let precision { decimal.round(to: decimal.point + precision) }
            return Self.plain(decimal, digits: precision ?? max(0, decimal.digits.count - decimal.point))
        case .shortest(let uppercase):
            var decimal = precision == nil ? Decimal(shortest: number) : Decimal(exactly: number)
            var threshold = 6
            if let precision {
                let wanted = max(1, precision)
                decimal.round(to: wanted)
                let count = decimal.digits.count
                threshold = wanted > count && count >= decimal.point ? count : wanted
            }
            let exponent = decimal.point - 1
            if exponent < -4 || exponent >= threshold, !decimal.digits.isEmpty {
                return Self.withExponent(decimal, digits: max(0, decimal.digits.count - 1), uppercase)
            }
            return Self.plain(decimal, digits: max(0, decimal.digits.count - decimal.point))
        }
    }

    private static func withExponent(_ decimal: Decimal, digits: Int, _ uppercase: Bool) -> String {
        var text = "\(decimal.digit(0))"
        if digits > 0 {
            text += "."
            for index in 1...digits { text += "\(decimal.digit(index))" }
        }
        let exponent = decimal.digits.isEmpty ? 0 : decimal.point - 1
        return text + (uppercase ? "E" : "e") + (exponent < 0 ? "-" : "+")
            + (exponent.magnitude < 10 ? "0" : "") + "\(exponent.magnitude)"
    }

    private static func plain(_ decimal: Decimal, digits: Int) -> String {
        var text = decimal.point > 0 ? "" : "0"
        if decimal.point > 0 { for index in 0..<decimal.point { text += "\(decimal.digit(index))" } }
        if digits > 0 {
            text += "."
            for index in 0..<digits { text += "\(decimal.digit(decimal.point + index))" }
        }
        return text
    }
}

/// A number as decimal digits: 0.d1d2d3... times ten to the power of ``point``.
struct Decimal {
    /// Each 0 to 9, without zeros at either end; empty for zero.
    private(set) var digits: [UInt8]
    private(set) var point: Int

    /// The fewest digits that read back as the same number.
    init(shortest number: Double) {
        // Swift's description has them, as "1.5e-07" or "150.0".
        let parts = number.description.split(separator: "e")
        let mantissa = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa.first ?? ""
        digits = (whole + (mantissa.count > 1 ? mantissa[1] : "")).utf8.map { $0 - UInt8(ascii: "0") }
        point = whole.utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        trim()
    }

    /// All digits of the binary number.
    init(exactly number: Double) {
        guard number != 0 else {
            digits = []
            point = 0
            return
        }
        let isSubnormal = number.exponentBitPattern == 0
        let mantissa = number.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
        let exponent = (isSubnormal ? 1 : Int(number.exponentBitPattern)) - 1075
        // mantissa * 2^-k is mantissa * 5^k with the point k digits further left.
        var limbs = [UInt32(mantissa % 1_000_000_000), UInt32(mantissa / 1_000_000_000)]
        for _ in 0..<exponent.magnitude { Self.multiply(&limbs, by: exponent < 0 ? 5 : 2) }
        digits = limbs.reversed().flatMap { limb in
            let text = String(limb)
            return Array(repeating: 0, count: 9 - text.utf8.count) + text.utf8.map { $0 - UInt8(ascii: "0") }
        }
        point = digits.count - (exponent < 0 ? Int(exponent.magnitude) : 0)
        trim()
    }

    /// - Parameter limbs: base 10^9, least significant first.
    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * factor + carry
            limbs[index] = UInt32(product % 1_000_000_000)
            carry = product / 1_000_000_000
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    /// The digit at `index`, which may lie beyond those there are.
    func digit(_ index: Int) -> UInt8 { digits.indices.contains(index) ? digits[index] : 0 }

    /// Keeps the first `count` digits, rounding half to even.
    mutating func round(to count: Int) {
        guard count < digits.count else { return }
        guard count >= 0 else {
            digits = []
            point = 0
            return
        }
        let next = digits[count]
        let isHalf = next == 5 && digits.count == count + 1
        let goesUp = isHalf ? count > 0 && digits[count - 1] % 2 == 1 : next >= 5
        digits.removeSubrange(count...)
        if goesUp {
            while digits.last == 9 { digits.removeLast() }
            if digits.isEmpty {
                digits = [1]
                point += 1
            } else {
                digits[digits.count - 1] += 1
            }
        }
        trim()
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        point = digits.isEmpty ? 0 : point - zeros
    }
}

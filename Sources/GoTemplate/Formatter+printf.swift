extension Formatter {
    /// Go's Sprintf. Mistakes in the format show in the text, as `%!d(string=x)`, and are no errors.
    static func printf(_ format: GoString, _ arguments: [Value]) throws(FunctionError) -> GoString {
        var formatter = Formatter()
        var directives = Directives(format: format.octets, arguments: arguments)
        try directives.run(&formatter)
        return GoString(octets: formatter.output)
    }

    /// A format being read beside the arguments it uses up.
    private struct Directives {
        let format: [UInt8]
        let arguments: [Value]
        private var position = 0
        private var argument = 0
        /// An index such as `[3]` was used, so unused arguments are no mistake.
        private var isReordered = false
        private var isIndexGood = true

        init(format: [UInt8], arguments: [Value]) {
            self.format = format
            self.arguments = arguments
        }

        private var current: UInt8? { position < format.count ? format[position] : nil }

        mutating func run(_ formatter: inout Formatter) throws(FunctionError) {
            while position < format.count {
                let end = format[position...].firstIndex(of: UInt8(ascii: "%")) ?? format.count
                try formatter.write(format[position..<end])
                position = end + 1
                if end < format.count { try directive(&formatter) }
            }
            try reportUnused(&formatter)
        }

        /// One directive after its percent sign.
        private mutating func directive(_ formatter: inout Formatter) throws(FunctionError) {
            isIndexGood = true
            formatter.flags = Flags()
            readFlags(&formatter.flags)
            var afterIndex = readIndex()
            try readWidth(&formatter, &afterIndex)
            if current == UInt8(ascii: ".") { try readPrecision(&formatter, &afterIndex) }
            if !afterIndex { afterIndex = readIndex() }
            guard position < format.count else { return try formatter.write("%!(NOVERB)") }
            let rune = Rune.decode(format, at: position)
            position += rune.width
            try apply(rune.scalar, &formatter)
        }

        private mutating func apply(_ verb: Unicode.Scalar, _ formatter: inout Formatter) throws(FunctionError) {
            if verb == "%" { return try formatter.write("%") }
            guard isIndexGood else { return try formatter.write("%!\(verb)(BADINDEX)") }
            guard argument < arguments.count else { return try formatter.write("%!\(verb)(MISSING)") }
            if verb == "v" {
                (formatter.flags.sharpV, formatter.flags.sharp) = (formatter.flags.sharp, false)
                (formatter.flags.plusV, formatter.flags.plus) = (formatter.flags.plus, false)
            }
            try formatter.format(arguments[argument], verb: verb)
            argument += 1
        }

        private mutating func readFlags(_ flags: inout Flags) {
            while let octet = current {
                switch Unicode.Scalar(octet) {
                case "#": flags.sharp = true
                case "0": flags.zero = !flags.minus
                case "+": flags.plus = true
                case "-":
                    flags.minus = true
                    flags.zero = false
                case " ": flags.space = true
                default: return
                }
                position += 1
            }
        }

        private mutating func readWidth(
            _ formatter: inout Formatter, _ afterIndex: inout Bool
        ) throws(FunctionError) {
            if current == UInt8(ascii: "*") {
                position += 1
                formatter.flags.width = takeNumber()
                if formatter.flags.width == nil { try formatter.write("%!(BADWIDTH)") }
                if let width = formatter.flags.width, width < 0 {
                    formatter.flags.width = -width
                    formatter.flags.minus = true
                    formatter.flags.zero = false
                }
                afterIndex = false
            } else {
                formatter.flags.width = readNumber()
                if afterIndex, formatter.flags.width != nil { isIndexGood = false }
            }
        }

        private mutating func readPrecision(
            _ formatter: inout Formatter, _ afterIndex: inout Bool
        ) throws(FunctionError) {
            position += 1
            if afterIndex { isIndexGood = false }
            afterIndex = readIndex()
            if current == UInt8(ascii: "*") {
                position += 1
                let number = takeNumber()
                formatter.flags.precision = number.flatMap { $0 < 0 ? nil : $0 }
                if formatter.flags.precision == nil { try formatter.write("%!(BADPREC)") }
                afterIndex = false
            } else {
                formatter.flags.precision = readNumber() ?? 0
            }
        }

        /// `[n]`: the next value is the nth argument.
        ///
        /// - Returns: whether there was a well-formed one.
        private mutating func readIndex() -> Bool {
            guard current == UInt8(ascii: "[") else { return false }
            isReordered = true
            guard let close = format[position...].firstIndex(of: UInt8(ascii: "]")) else {
                isIndexGood = false
                position += 1
                return false
            }
            let text = String(decoding: format[(position + 1)..<close], as: UTF8.self)
            position = close + 1
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, let index = Int(text), (1...max(1, arguments.count)).contains(index), !arguments.isEmpty
            else {
                isIndexGood = false
                return isNumber
            }
            argument = index - 1
            return true
        }

        private static let largest = 1_000_000

        private mutating func readNumber() -> Int? {
            var number: Int?
            while let octet = current, (0x30...0x39).contains(octet) {
                number = min((number ?? 0) * 10 + Int(octet - 0x30), Self.largest * 10)
                position += 1
            }
            guard let number, number <= Self.largest else { return nil }
            return number
        }

        /// The value of a `*`.
        private mutating func takeNumber() -> Int? {
            guard argument < arguments.count else { return nil }
            defer { argument += 1 }
            let number: Int? =
                switch arguments[argument] {
                case .signed(let value, _): Int(exactly: value)
                case .unsigned(let value, _): Int(exactly: value)
                default: nil
                }
            guard let number, number.magnitude <= Self.largest else { return nil }
            return number
        }

        private func reportUnused(_ formatter: inout Formatter) throws(FunctionError) {
            guard !isReordered, argument < arguments.count else { return }
            formatter.flags = Flags()
            try formatter.write("%!(EXTRA ")
            for (index, value) in arguments[argument...].enumerated() {
                if index > 0 { try formatter.write(", ") }
                if case .nil = value {
                    try formatter.write("<nil>")
                } else {
                    try formatter.write("\(value.typeName)=")
                    try formatter.format(value, verb: "v")
                }
            }
            try formatter.write(")")
        }
    }
}

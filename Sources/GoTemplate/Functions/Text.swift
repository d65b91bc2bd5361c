extension FunctionTable {
    static let text = FunctionTable([
        "toLower": Function(.string) { .string($0[0].text.description.lowercased()) },
        "toUpper": Function(.string) { .string($0[0].text.description.uppercased()) },
        "trimSpace": Function(.string) { .string($0[0].text.trimmed { $0.properties.isWhitespace }) },
        "trim": Function(.string, .string) { arguments in
            let cutset = Set(arguments[0].text.description.unicodeScalars)
            return .string(arguments[1].text.trimmed(cutset.contains))
        },
        "trimPrefix": Function(.string, .string) { arguments in
            let (prefix, text) = (arguments[0].text.octets, arguments[1].text.octets)
            return .string(GoString(octets: text.starts(with: prefix) ? Array(text.dropFirst(prefix.count)) : text))
        },
        "trimSuffix": Function(.string, .string) { arguments in
            let (suffix, text) = (arguments[0].text.octets, arguments[1].text.octets)
            let hasSuffix = text.suffix(suffix.count).elementsEqual(suffix)
            return .string(GoString(octets: hasSuffix ? Array(text.dropLast(suffix.count)) : text))
        },
        "replaceAll": Function(.string, .string, .string) { arguments in
            let parts = arguments[2].text.split(at: arguments[0].text)
            // An empty pattern stands before, between and after all characters.
            let ends: [GoString] = arguments[0].text.isEmpty ? [""] : []
            return .string(try GoString(joining: ends + parts + ends, with: arguments[1].text))
        },
        "split": Function(.string, .string) { arguments in
            let text = arguments[1].text.trimmed { $0.properties.isWhitespace }
            let parts = text.isEmpty ? [] : text.split(at: arguments[0].text)
            return .list(List(parts.map { .string($0) }, of: .string))
        },
        "join": Function(.string, .list(of: .string)) { arguments in
            .string(try GoString(joining: arguments[1].elements.map(\.text), with: arguments[0].text))
        },
        "indent": Function(.int, .string) { arguments in
            guard (0...10_000).contains(arguments[0].integer) else {
                throw FunctionError("indent value must be a positive integer")
            }
            let blanks = GoString(String(repeating: " ", count: Int(arguments[0].integer)))
            let lines = arguments[1].text.split(at: "\n").map { line in
                line.isEmpty ? line : GoString(octets: blanks.octets + line.octets)
            }
            return .string(try GoString(joining: lines, with: "\n"))
        },
    ])
}

extension GoString {
    /// - Throws: ``FunctionError`` where the result would be larger than any print call's.
    init(joining parts: [GoString], with separator: GoString) throws(FunctionError) {
        let size = parts.reduce(separator.count * max(0, parts.count - 1)) { $0 + $1.count }
        guard size <= Formatter.maximumOctets else {
            throw FunctionError("the text is larger than \(Formatter.maximumOctets) octets")
        }
        octets = []
        octets.reserveCapacity(size)
        for (index, part) in parts.enumerated() {
            if index > 0 { octets += separator.octets }
            octets += part.octets
        }
    }

    /// The parts between the separators; every character by itself if the separator is empty.
    func split(at separator: GoString) -> [GoString] {
        var parts: [GoString] = []
        var start = 0
        var index = 0
        guard let first = separator.octets.first else {
            while index < count {
                let width = Rune.decode(octets, at: index).width
                parts.append(GoString(octets: Array(octets[index..<(index + width)])))
                index += width
            }
            return parts
        }
        while let candidate = octets[index...].firstIndex(of: first) {
            if octets[candidate...].starts(with: separator.octets) {
                parts.append(GoString(octets: Array(octets[start..<candidate])))
                start = candidate + separator.count
                index = start
            } else {
                index = candidate + 1
            }
        }
        return parts + [GoString(octets: Array(octets[start...]))]
    }

    func contains(_ other: GoString) -> Bool { other.isEmpty || split(at: other).count > 1 }

    /// Without the characters at both ends that `isCut` says.
    func trimmed(_ isCut: (Unicode.Scalar) -> Bool) -> GoString {
        var start = 0
        while start < count {
            let rune = Rune.decode(octets, at: start)
            guard isCut(rune.scalar) else { break }
            start += rune.width
        }
        var end = start
        var index = start
        while index < count {
            let rune = Rune.decode(octets, at: index)
            index += rune.width
            if !isCut(rune.scalar) { end = index }
        }
        return GoString(octets: Array(octets[start..<end]))
    }
}

extension Formatter {
    /// One argument by one verb; what the verb cannot show comes out as `%!verb(type=value)`.
    mutating func format(_ value: Value, verb: Unicode.Scalar) throws(FunctionError) {
        switch (value, verb) {
        case (.nil, "T"), (.nil, "v"): try padWithBlanks("<nil>")
        case (_, "T"): try pad(GoString(value.typeName))
        default: try format(value, verb: verb, depth: 0)
        }
    }

    private mutating func format(_ value: Value, verb: Unicode.Scalar, depth: Int) throws(FunctionError) {
        switch value {
        case .nil:
            if verb == "v" {
                try write(flags.sharpV ? "interface {}(nil)" : "<nil>")
            } else {
                try badVerb(verb, value)
            }
        case .bool(let flag):
            guard verb == "t" || verb == "v" else { return try badVerb(verb, value) }
            try pad(GoString("\(flag)"))
        case .signed(let number, _):
            let isNegative = number < 0
            if try !format(magnitude: number.magnitude, isNegative: isNegative, isSigned: true, verb: verb) {
                try badVerb(verb, value)
            }
        case .unsigned(let number, _):
            if try !format(magnitude: number, isNegative: false, isSigned: false, verb: verb) {
                try badVerb(verb, value)
            }
        case .float(let number):
            if try !format(number, verb: verb) { try badVerb(verb, value) }
        case .complex(let number):
            guard "vfFgGeE".unicodeScalars.contains(verb) else { return try badVerb(verb, value) }
            try format(number, verb: verb)
        case .string(let text):
            if try !format(text, verb: verb) { try badVerb(verb, value) }
        case .list(let list): try format(list, verb: verb, depth: depth)
        case .map(let map): try format(map, verb: verb, depth: depth)
        case .structure(let structure): try format(structure, verb: verb, depth: depth)
        case .pointer(let structure):
            // Go shows an address below the top level: a text that differs each time and tells nothing.
            try write("&")
            try format(structure, verb: verb, depth: depth)
        case .nilPointer(let target):
            try padWithBlanks(flags.sharpV ? GoString("(*\(target))(nil)") : "<nil>")
        case .numbers(let range): try write("\(range.lowerBound)..<\(range.upperBound)")
        case .object(let object): try write("&\(object.typeName){}")
        }
    }

    private mutating func format(_ list: List, verb: Unicode.Scalar, depth: Int) throws(FunctionError) {
        try write(flags.sharpV ? "\(list.type){" : "[")
        for (index, element) in list.elements.enumerated() {
            if index > 0 { try write(flags.sharpV ? ", " : " ") }
            try format(element, verb: verb, depth: depth + 1)
        }
        try write(flags.sharpV ? "}" : "]")
    }

    private mutating func format(_ map: Map, verb: Unicode.Scalar, depth: Int) throws(FunctionError) {
        try write(flags.sharpV ? "\(Value.map(map).typeName){" : "map[")
        for (index, entry) in map.entries.enumerated() {
            if index > 0 { try write(flags.sharpV ? ", " : " ") }
            try format(entry.key, verb: verb, depth: depth + 1)
            try write(":")
            try format(entry.value, verb: verb, depth: depth + 1)
        }
        try write(flags.sharpV ? "}" : "]")
    }

    private mutating func format(_ structure: Structure, verb: Unicode.Scalar, depth: Int) throws(FunctionError) {
        if flags.sharpV { try write(structure.shape.name) }
        try write("{")
        for (index, field) in structure.shape.fields.enumerated() {
            if index > 0 { try write(flags.sharpV ? ", " : " ") }
            if flags.sharpV || flags.plusV { try write("\(field.name):") }
            try format(structure.field(at: index), verb: verb, depth: depth + 1)
        }
        try write("}")
    }

    private mutating func badVerb(_ verb: Unicode.Scalar, _ value: Value) throws(FunctionError) {
        try write("%!\(verb)(")
        if case .nil = value {
            try write("<nil>")
        } else {
            try write("\(value.typeName)=")
            try format(value, verb: "v", depth: 0)
        }
        try write(")")
    }
}

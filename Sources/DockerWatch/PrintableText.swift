extension String {
    /// The text with everything unprintable escaped, cut to 255 characters: safe in a log, in meta and in a rendered file.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(255) {
            if scalar.isPrintable { text.unicodeScalars.append(scalar) } else { text += scalar.escaped(asASCII: true) }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// False for control and format characters, line and paragraph separators, and whatever has no assigned meaning.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

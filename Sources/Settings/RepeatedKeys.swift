import Yams

/// Composes YAML whose maps may have a key more than once.
///
/// Yams refuses such a text whole and names the first place of one key, which would hide everything else that is wrong.
/// So that place gets marks that make the key another one, and the text is composed again, until no key is repeated.
enum RepeatedKeys {
    /// A private-use character: YAML takes it, and no key begins with it.
    private static let mark: Unicode.Scalar = "\u{e000}"

    /// - Returns: the document, in which ``name(of:)`` says what a key was; `nil` if there is none.
    static func compose(_ text: String) throws -> Node? {
        var scalars = Array(text.unicodeScalars)
        var marked: Set<String> = []
        while true {
            do {
                return try Yams.compose(yaml: String(String.UnicodeScalarView(scalars)))
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                // The same place twice is a key that marks do not change.
                guard marked.insert(context.mark.description).inserted,
                    var place = index(of: context.mark, in: scalars)
                else { throw YamlError.duplicatedKeysInMapping(duplicates: keys, context: context) }
                if scalars[place] == "\"" || scalars[place] == "'" { place += 1 }
                scalars.insert(contentsOf: repeatElement(mark, count: marked.count), at: place)
            }
        }
    }

    /// A key as it was written; empty for one that is no scalar.
    static func name(of key: Node) -> String {
        String(String.UnicodeScalarView((key.scalar?.string ?? "").unicodeScalars.drop { $0 == mark }))
    }

    /// Where a line and a column, both counted from 1, are in the text.
    private static func index(of mark: Mark, in scalars: [Unicode.Scalar]) -> Int? {
        guard mark.line > 0, mark.column > 0 else { return nil }
        var start = 0
        for _ in 1..<mark.line {
            guard let end = scalars[start...].firstIndex(where: \.isLineBreak) else { return nil }
            let isPair = scalars[end] == "\r" && end + 1 < scalars.count && scalars[end + 1] == "\n"
            start = end + (isPair ? 2 : 1)
        }
        let index = start + mark.column - 1
        return index < scalars.count ? index : nil
    }
}

extension Unicode.Scalar {
    /// What begins a new line for libyaml (YAML 1.1, 4.2).
    fileprivate var isLineBreak: Bool { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(self) }
}

/// One lexical element of a template.
struct Token {
    enum Kind: Equatable {
        case error(String)
        case endOfFile
        case text
        case leftDelimiter
        case rightDelimiter
        case space
        case leftParenthesis
        case rightParenthesis
        case pipe
        case assign
        case declare
        /// A printable ASCII character with no other meaning, such as the comma.
        case character
        case string
        case rawString
        case characterConstant
        case number
        case complexNumber
        case bool
        case identifier
        /// `.Name`
        case field
        /// `$` or `$name`
        case variable
        case keyword(Keyword)
    }

    enum Keyword: String {
        case block, `break`, `continue`, define, `else`, end, `if`, `nil`, range, template, with
        case dot = "."
    }

    var kind: Kind
    /// Octets of the source.
    var range: Range<Int>
    /// The line it starts on, from 1.
    var line: Int

    /// How error texts show it.
    func shown(in source: [UInt8]) -> String {
        let text = GoString(octets: Array(source[range]))
        return switch kind {
        case .error(let message): message
        case .endOfFile: "EOF"
        case .keyword(let word): "<\(word.rawValue)>"
        default: text.count > 10 ? "\(text.prefix(runes: 10).quoted)..." : text.quoted
        }
    }
}

/// A JSON text (RFC 8259) as it was written: members in their order, repeated names and all, numbers as text.
///
/// A tree of its own because Consul's key rules need what `JSONDecoder` hides: names compared without case, members
/// nobody knows, and the order of members that mean the same.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable, Sendable {
        var name: String
        var value: JSONValue
    }

    /// What the value is, for messages: "a string".
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Why octets are not one JSON value.
struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    enum Reason: String {
        case cutShort = "it ends too early"
        case unexpectedCharacter = "this character cannot stand here"
        case trailingText = "there is text after the value"
        case tooDeep = "arrays and objects are nested more than 64 deep"
        case controlCharacter = "a string contains an unescaped control character"
        case badEscape = "a string contains an escape that JSON does not have"
        case badNumber = "this is not a number as JSON writes them"
        case longNumber = "a number has more than 64 characters"
        case notUTF8 = "the text is not UTF-8"
    }

    /// Where reading stopped, in octets from the start.
    var offset: Int
    var reason: Reason

    var description: String { "the body is not JSON: at octet \(offset) \(reason.rawValue)" }
}

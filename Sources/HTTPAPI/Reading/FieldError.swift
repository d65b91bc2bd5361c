/// What is wrong with a request's body or parameters: a sentence for its author.
struct FieldError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }

    /// - Parameters:
    ///   - path: the field, such as `Checks[0].Interval`.
    ///   - reason: continues the sentence: "must be ...".
    init(_ path: String, _ reason: String) { description = "\(path) \(reason)" }
}

/// A text from outside in quotation marks: unprintable characters escaped, and cut to what a message can hold.
func quoted(_ text: some StringProtocol) -> String {
    let shown = text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: false) }.joined()
    return "\"\(shown)\(text.unicodeScalars.count > 80 ? "..." : "")\""
}

/// What a person wants to match.
struct RegularExpression {
    private let regex: Regex<AnyRegexOutput>

    /// - Throws: ``CommandFailure``, in Consul's words.
    init(_ pattern: String, of subject: String) throws(CommandFailure) {
        do {
            regex = try Regex(pattern)
        } catch {
            throw CommandFailure(message: "Failed to compile \(subject) regexp: `\(pattern)`: \(error)")
        }
    }

    /// Whether it occurs anywhere in the text.
    func matches(_ text: String) -> Bool { text.firstMatch(of: regex) != nil }
}

/// Truth as Go reads it.
enum GoBool {
    /// All that there is to say.
    static let words = ["true", "false", "1", "0", "t", "f", "T", "F", "True", "False", "TRUE", "FALSE"]

    /// - Returns: `nil` for anything else.
    /// - SeeAlso: Go's `strconv.ParseBool`.
    static func parse(_ text: some StringProtocol) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}

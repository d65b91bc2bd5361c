extension APIReference {
    /// What a value is, in words.
    static func text(_ schema: Schema) -> String {
        switch schema {
        case .string(let form, let format, let most): text(form: form, format: format, most: most)
        case .word(let words): words.map { $0.isEmpty ? "empty" : "`\($0)`" }.joined(separator: ", ")
        case .integer(let least?, let most?): "number from \(least) to \(most)"
        case .integer(let least?, nil): "number from \(least)"
        case .integer: "whole number"
        case .number: "number"
        case .boolean: "true or false"
        case .flag: "`true`, `false` or empty, which is true"
        case .array(let element, let most): "list of \(text(element))" + limit(most)
        case .map(let value, _, let most): "map to \(text(value))" + limit(most)
        case .answer(let fields), .request(let fields):
            fields.isEmpty
                ? "`{}`" : "object: \(fields.map { "`\($0.name)` \(text($0.schema))" }.joined(separator: "; "))"
        case .named(let shape): "[\(shape.name)](#\(shape.name.lowercased()))"
        case .nullable(let inner): "\(text(inner)), or null"
        case .either(let schemas): schemas.map(text).joined(separator: ", or ")
        case .anything: "anything"
        }
    }

    private static func text(form: String?, format: String?, most: Int?) -> String {
        if let format { return names[format] ?? format }
        return (form.flatMap { names[$0] } ?? "text") + limit(most)
    }

    private static func limit(_ most: Int?) -> String { most.map { " (\($0) at most)" } ?? "" }

    /// What forms and formats are called.
    private static let names: [String: String] = {
        var names = ["ipv4": "IPv4 address", "ipv6": "IPv6 address", "hostname": "host name", "uuid": "UUID"]
        let forms: [(Schema, String)] = [
            (.serviceName, "DNS label"), (.nodeName, "host name"), (.line, "text without control characters"),
            (.durationText, "duration such as `1m30s`"),
        ]
        for case (.string(let form?, _, _), let name) in forms { names[form] = name }
        return names
    }()
}

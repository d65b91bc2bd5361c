import GoTemplate
import Registry

/// What `service` is asked for: `[tag.]name[@datacenter][~near][|status,...]`.
struct ServiceQuery: Hashable, Sendable {
    enum Status: String, CaseIterable, Sendable {
        case passing, warning, critical, maintenance
    }

    var tag: String?
    var name: String
    var datacenter: String?
    /// The node whose instances come first.
    var near: String?
    var statuses: Set<Status>

    /// - Throws: ``FunctionError`` with consul-template's text.
    init(_ text: String) throws(FunctionError) {
        let invalid = FunctionError("health.service: invalid format: \"\(text)\"")
        var rest = text[...]
        let filter = Self.cut(&rest, at: "|")
        near = Self.cut(&rest, at: "~").map(String.init)
        datacenter = Self.cut(&rest, at: "@").map(String.init)
        // The last dot: a tag may have dots, a service's name has none.
        if let dot = rest.lastIndex(of: ".") {
            tag = String(rest[..<dot])
            rest = rest[rest.index(after: dot)...]
        } else {
            tag = nil
        }
        name = String(rest)
        guard Self.isWord(name, and: "-"), tag.map({ Self.isWord($0, and: ".-=:") }) ?? true,
            datacenter.map({ Self.isWord($0, and: ".-") }) ?? true, near.map({ Self.isWord($0, and: ".-") }) ?? true,
            filter.map({ Self.isWord(String($0), and: ",") }) ?? true
        else { throw invalid }
        statuses = try Self.statuses(filter.map(String.init), of: text)
    }

    /// Takes what follows the first `mark` off `text`, with the mark.
    private static func cut(_ text: inout Substring, at mark: Character) -> Substring? {
        guard let index = text.firstIndex(of: mark) else { return nil }
        defer { text = text[..<index] }
        return text[text.index(after: index)...]
    }

    private static func isWord(_ text: String, and others: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { octet in
                switch Unicode.Scalar(octet) {
                case "a"..."z", "A"..."Z", "0"..."9", "_": true
                default: others.utf8.contains(octet)
                }
            }
    }

    private static func statuses(_ filter: String?, of text: String) throws(FunctionError) -> Set<Status> {
        guard let filter else { return [.passing] }
        var statuses: Set<Status> = []
        for word in filter.split(separator: ",") {
            if word == "any" { return Set(Status.allCases) }
            guard let status = Status(rawValue: String(word)) else {
                throw FunctionError("health.service: invalid filter: \"\(word)\" in \"\(text)\"")
            }
            statuses.insert(status)
        }
        return statuses.isEmpty ? [.passing] : statuses
    }
}

/// What makes a prepared query answer for every name that begins with its own.
package struct QueryTemplate: Hashable, Sendable {
    /// What `${match(N)}` takes its groups from; empty: there are none.
    package let expression: String
    /// Whether tags that come out empty are left out.
    package let removesEmptyTags: Bool
    private let pattern: Pattern?

    /// For each place of a match its groups' places are kept, and nobody counts to more by hand.
    private static let mostGroups = 32
    private static let longestExpression = 512

    /// - Throws: ``QueryTemplateError``.
    package init(expression: String, removesEmptyTags: Bool = false) throws(QueryTemplateError) {
        self.expression = expression
        self.removesEmptyTags = removesEmptyTags
        guard expression.utf8.count <= Self.longestExpression else {
            throw QueryTemplateError("Bad Regexp: it has more than \(Self.longestExpression) octets")
        }
        do {
            pattern = expression.isEmpty ? nil : try Pattern(expression)
        } catch {
            throw QueryTemplateError("Bad Regexp: \(error)")
        }
        if let pattern, pattern.groupCount > Self.mostGroups {
            throw QueryTemplateError("Bad Regexp: it has more than \(Self.mostGroups) groups")
        }
    }

    package static func == (left: QueryTemplate, right: QueryTemplate) -> Bool {
        left.expression == right.expression && left.removesEmptyTags == right.removesEmptyTags
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(expression)
        hasher.combine(removesEmptyTags)
    }

    /// - Parameter prefix: the query's own name.
    fileprivate func values(for name: String, prefix: String) -> TextTemplate.Values {
        let groups = pattern?.groups(in: name)?.map { $0.map(String.init) ?? "" } ?? []
        return TextTemplate.Values(
            name: name, prefix: prefix, suffix: String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self),
            groups: groups)
    }
}

extension PreparedQuery {
    /// The query that a template is for one name; any other is itself.
    ///
    /// - Throws: ``QueryTemplateError`` for a text that is no template: none that was ``validated()``.
    package func rendered(for name: String) throws(QueryTemplateError) -> PreparedQuery {
        guard let template else { return self }
        let values = template.values(for: name, prefix: self.name)
        var query = self
        func render(_ text: inout String, _ path: String) throws(QueryTemplateError) {
            text = try TextTemplate(text, at: "Service.\(path)").text(with: values)
        }
        func render(_ texts: inout [String], _ path: String) throws(QueryTemplateError) {
            for index in texts.indices { try render(&texts[index], "\(path)[\(index)]") }
        }
        func render(_ map: inout [String: String], _ path: String) throws(QueryTemplateError) {
            for (key, text) in map.sorted(by: { $0.key < $1.key }) {
                var text = text
                try render(&text, "\(path)[\(key)]")
                map[key] = text
            }
        }
        try render(&query.search.service, "Service")
        try render(&query.search.failover.datacenters, "Failover.Datacenters")
        try render(&query.search.ignoredChecks, "IgnoreCheckIDs")
        try render(&query.search.near, "Near")
        try render(&query.search.tags, "Tags")
        try render(&query.search.nodeMeta, "NodeMeta")
        try render(&query.search.serviceMeta, "ServiceMeta")
        if template.removesEmptyTags { query.search.tags.removeAll(where: \.isEmpty) }
        return query
    }

    /// Looks whether a template's texts are ones, by rendering them.
    ///
    /// - Throws: ``QueryTemplateError``.
    package func validated() throws(QueryTemplateError) -> PreparedQuery {
        _ = try rendered(for: name)
        return self
    }
}

/// Why something is no template.
package struct QueryTemplateError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "failed compiling template: \(reason)" }
}

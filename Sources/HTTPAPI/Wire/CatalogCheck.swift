import Registry

/// One check of a registration with the catalog: a status, which somebody else finds out.
struct CatalogCheck {
    var check: HealthCheck

    /// - Throws: ``FieldError``.
    init(_ value: JSONValue, at path: String, node: NodeName) throws(FieldError) {
        var fields = try JSONFields(value, at: path)
        if let text = try fields.text("Node"), !text.isEmpty, (try? NodeName(text)) != node {
            throw FieldError("check node \(quoted(text)) does not match node \(quoted(node.text))")
        }
        let name = try fields.text("Name", octets: 512) ?? ""
        let id = try fields.text("CheckID", octets: 512) ?? ""
        guard !(id.isEmpty && name.isEmpty) else { throw FieldError(fields.name("CheckID"), "or Name is missing") }
        let status = try fields.status()
        let notes = try fields.rawText("Notes") ?? ""
        let output = try fields.rawText("Output") ?? ""
        let instance = try fields.text("ServiceID", or: "service_id").flatMap { $0.isEmpty ? nil : $0 }
        let definition = try Self.definition(fields.take("Definition"), at: fields.name("Definition"))
        fields.dropAnswers(["ServiceName", "ServiceTags", "Type"])
        try fields.end()
        check = HealthCheck(
            node: node, id: id.isEmpty ? name : id, name: name, status: status ?? .critical, notes: notes,
            output: CheckOutput.report(output, octets: CheckOutput.maximum), instance: instance,
            definition: definition)
    }

    private static func definition(_ value: JSONValue?, at path: String) throws(FieldError) -> CheckDefinition? {
        guard let value else { return nil }
        var fields = try JSONFields(value, at: path)
        guard !value.saysNothing else { return nil }
        let definition = try CheckDefinition.elsewhere(from: &fields)
        try fields.end()
        return definition
    }
}

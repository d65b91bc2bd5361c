import Registry

/// The body of `PUT /v1/agent/check/register`: a check of this node, or of an instance on it.
struct NodeCheckRegistration {
    var check: HealthCheck
    /// See ``CheckRegistration/refusedInterval``.
    var refusedInterval: Duration?

    /// - Throws: ``FieldError``.
    init(_ body: JSONValue, node: NodeName) throws(FieldError) {
        var fields = try JSONFields(body)
        let registration = try CheckRegistration(&fields, idName: "ID")
        // Access control lists are off: a token is taken and not looked at.
        _ = try fields.text("Token")
        try fields.end()
        guard let name = registration.name else { throw FieldError("Missing check name") }
        check = registration.check(
            on: node, id: registration.id ?? name, name: name, instance: registration.serviceID)
        refusedInterval = registration.refusedInterval
    }
}

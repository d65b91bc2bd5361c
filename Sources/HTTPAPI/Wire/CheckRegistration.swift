import Registry

/// One check of a registration: inside a service's, or alone.
///
/// - SeeAlso: Consul's "Checks" pages; Go's `api.AgentServiceCheck` and `api.AgentCheckRegistration`.
struct CheckRegistration {
    /// `nil`: none was given.
    var id: CheckID?
    var name: String?
    private var status: HealthStatus?
    private var notes: String
    let definition: CheckDefinition
    /// The instance that it says it is for.
    let serviceID: InstanceID?
    /// The interval that was asked for, where it is shorter than any that Berth runs checks at.
    let refusedInterval: Duration?

    /// Reads a check inside a service's registration.
    ///
    /// - Throws: ``FieldError``.
    init(_ value: JSONValue, at path: String) throws(FieldError) {
        var fields = try JSONFields(value, at: path)
        try self.init(&fields, idName: "CheckID")
        try fields.end()
    }

    /// - Parameter idName: what its id is called there.
    init(_ fields: inout JSONFields, idName: String) throws(FieldError) {
        id = try fields.text(idName, octets: 512).flatMap { $0.isEmpty ? nil : $0 }
        name = try fields.text("Name", octets: 512).flatMap { $0.isEmpty ? nil : $0 }
        notes = try fields.rawText("Notes") ?? ""
        status = try fields.status()
        serviceID = try fields.text("ServiceID", or: "service_id").flatMap { $0.isEmpty ? nil : $0 }
        (definition, refusedInterval) = try CheckDefinition.read(from: &fields)
    }

    /// The check of `instance`, under `defaultID` where none was given. It belongs to the service it is registered with,
    /// whatever it says itself.
    func check(of instance: ServiceInstance, defaultID: CheckID) -> HealthCheck {
        check(
            on: instance.node, id: id ?? defaultID, name: name ?? "Service '\(instance.name.text)' check",
            instance: instance.id)
    }

    func check(on node: NodeName, id: CheckID, name: String, instance: InstanceID?) -> HealthCheck {
        HealthCheck(
            node: node, id: id, name: name, status: status ?? .critical, notes: notes, instance: instance,
            definition: definition)
    }
}

extension JSONFields {
    /// The status that a check begins with; `nil`: none was given.
    mutating func status() throws(FieldError) -> HealthStatus? {
        guard let text = try text("Status"), !text.isEmpty else { return nil }
        guard let status = HealthStatus(rawValue: text) else {
            throw FieldError(name("Status"), "must be passing, warning or critical, not \(quoted(text))")
        }
        return status
    }
}

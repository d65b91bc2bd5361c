import Registry

/// What somebody says of a check: the body of `PUT /v1/agent/check/update`.
struct CheckReport {
    var status: HealthStatus
    var output: String

    /// - Throws: ``FieldError``.
    init(_ body: JSONValue) throws(FieldError) {
        var fields = try JSONFields(body)
        let text = try fields.text("Status") ?? ""
        output = try fields.rawText("Output") ?? ""
        try fields.end()
        guard let status = HealthStatus(rawValue: text) else {
            throw FieldError("Invalid check status: \(quoted(text)); it must be passing, warning or critical")
        }
        self.status = status
    }

    init(_ status: HealthStatus, output: String) {
        self.status = status
        self.output = output
    }
}

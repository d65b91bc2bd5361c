import Registry

/// One check inside a service's registration.
///
/// - SeeAlso: Consul's "Checks" pages; Go's `api.AgentServiceCheck`.
struct CheckRegistration {
    private var id: CheckID?
    private var name: String?
    private var status: HealthStatus?
    private var notes: String
    private var definition: CheckDefinition
    /// The interval that was asked for, where it is shorter than ``shortestInterval``.
    let refusedInterval: Duration?

    /// As in Consul, which does not run a check more often whatever it is told.
    private static let shortestInterval = Duration.seconds(1)

    /// - Throws: ``FieldError``, also for kinds and options that Berth does not have.
    init(_ value: JSONValue, at path: String) throws(FieldError) {
        var fields = try JSONFields(value, at: path)
        try Self.refuseOtherKinds(&fields)
        try Self.refuseOptions(&fields)
        id = try fields.text("CheckID", octets: 512).flatMap { $0.isEmpty ? nil : $0 }
        name = try fields.text("Name", octets: 512).flatMap { $0.isEmpty ? nil : $0 }
        notes = try fields.rawText("Notes") ?? ""
        status = try Self.status(&fields)
        // The check belongs to the service it is registered with, whatever this says.
        _ = try fields.text("ServiceID", or: "service_id")

        let timeout = try fields.duration("Timeout") ?? .zero
        let interval = try fields.duration("Interval") ?? .zero
        let probe = try Self.probe(&fields)
        try fields.end()
        guard interval > .zero else { throw FieldError(fields.name("Interval"), "is missing: how often to check") }
        refusedInterval = interval < Self.shortestInterval ? interval : nil
        definition = CheckDefinition(
            probe: probe, interval: max(interval, Self.shortestInterval),
            timeout: timeout > .zero ? timeout : .seconds(10))
    }

    /// The check of `instance`, under `defaultID` where none was given.
    func check(of instance: ServiceInstance, defaultID: CheckID) -> HealthCheck {
        HealthCheck(
            node: instance.node, id: id ?? defaultID, name: name ?? "Service '\(instance.name.text)' check",
            status: status ?? .critical, notes: notes, instance: instance.id, definition: definition)
    }

    private static func status(_ fields: inout JSONFields) throws(FieldError) -> HealthStatus? {
        guard let text = try fields.text("Status"), !text.isEmpty else { return nil }
        guard let status = HealthStatus(rawValue: text) else {
            throw FieldError(fields.name("Status"), "must be passing, warning or critical, not \(quoted(text))")
        }
        return status
    }

    /// Kinds of check that Consul runs and Berth does not. Empty values are what some clients send for "not this kind".
    private static func refuseOtherKinds(_ fields: inout JSONFields) throws(FieldError) {
        let kinds = [
            ("TTL", nil, "TTL"), ("Script", nil, "script"), ("ScriptArgs", "script_args", "script"),
            ("Args", "args", "script"),
            ("DockerContainerID", "docker_container_id", "docker"), ("Shell", nil, "docker"), ("GRPC", nil, "grpc"),
            ("GRPCUseTLS", "grpc_use_tls", "grpc"), ("AliasNode", nil, "alias"), ("AliasService", nil, "alias"),
            ("UDP", nil, "UDP"), ("H2PING", nil, "HTTP/2 ping"), ("OSService", nil, "operating system service"),
        ]
        for (name, alias, kind) in kinds {
            guard let value = fields.take(name, or: alias), !value.isEmpty else { continue }
            throw FieldError(fields.name(name) + ": \(kind) checks are not supported yet; use http or tcp")
        }
    }

    private static func refuseOptions(_ fields: inout JSONFields) throws(FieldError) {
        let options = [
            ("SuccessBeforePassing", nil), ("FailuresBeforeCritical", nil), ("OutputMaxSize", nil),
            ("DeregisterCriticalServiceAfter", "deregister_critical_service_after"),
        ]
        for (name, alias) in options {
            guard let value = fields.take(name, or: alias), !value.isEmpty else { continue }
            throw FieldError(fields.name(name), "is not supported yet")
        }
    }

    private static func probe(_ fields: inout JSONFields) throws(FieldError) -> CheckDefinition.Probe {
        let http = try fields.text("HTTP") ?? ""
        let tcp = try fields.text("TCP") ?? ""
        let method = try fields.text("Method") ?? ""
        let headers = try headers(&fields)
        let body = try fields.rawText("Body") ?? ""
        let skipsTLSVerification = try fields.bool("TLSSkipVerify", or: "tls_skip_verify") ?? false

        switch (http.isEmpty, tcp.isEmpty) {
        case (false, true):
            guard CheckTarget(url: http) != nil else {
                throw FieldError(
                    fields.name("HTTP"), "\(quoted(http)) must be a URL such as http://10.0.0.1:8080/health")
            }
            guard method.utf8.allSatisfy(isToken) else {
                throw FieldError(fields.name("Method"), "\(quoted(method)) is not an HTTP method")
            }
            return .http(
                CheckDefinition.HTTPProbe(
                    url: http, method: method.isEmpty ? "GET" : method, headers: headers, body: body,
                    skipsTLSVerification: skipsTLSVerification))
        case (true, false):
            guard let target = CheckTarget(hostAndPort: tcp) else {
                throw FieldError(fields.name("TCP"), "\(quoted(tcp)) must be host:port, such as 10.0.0.1:5432")
            }
            return .tcp(host: target.host, port: target.port)
        case (true, true): throw FieldError(fields.name("HTTP"), "or TCP is missing: what to check")
        case (false, false): throw FieldError(fields.name("HTTP"), "and TCP exclude each other")
        }
    }

    private static func headers(_ fields: inout JSONFields) throws(FieldError) -> [String: [String]] {
        var headers: [String: [String]] = [:]
        for (name, value) in try fields.map("Header", atMost: 64) ?? [:] {
            let path = fields.name("Header")
            guard !name.isEmpty, name.utf8.allSatisfy(isToken) else {
                throw FieldError(path, "name \(quoted(name)) is not a header name")
            }
            guard case .array(let values) = value else {
                throw FieldError("\(path).\(name)", "must be an array of strings, not \(value.kind)")
            }
            headers[name] = try JSONFields.texts(values, at: "\(path).\(name)")
        }
        return headers
    }

    /// RFC 9110 5.6.2: what methods and header names are made of.
    private static func isToken(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
        }
    }
}

extension JSONValue {
    /// True for what Go's encoder writes for a field that was not set.
    fileprivate var isEmpty: Bool {
        switch self {
        case .null, .bool(false), .string(""), .string("0s"), .array([]), .object([]): true
        case .number(let digits): digits == "0"
        default: false
        }
    }
}

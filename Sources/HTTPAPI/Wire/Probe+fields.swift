import Registry

extension CheckDefinition.Probe {
    /// Takes what is to be asked.
    ///
    /// - Returns: `nil`: nothing is.
    /// - Throws: ``FieldError``.
    static func read(from fields: inout JSONFields) throws(FieldError) -> CheckDefinition.Probe? {
        let tls = try TLSFields(from: &fields)
        var given: [(name: String, probe: CheckDefinition.Probe)] = []
        if let http = try CheckDefinition.HTTPProbe.read(from: &fields, tls) { given.append(("HTTP", .http(http))) }
        if let target = try target("TCP", &fields) { given.append(("TCP", .tcp(host: target.host, port: target.port))) }
        if let target = try target("UDP", &fields) { given.append(("UDP", .udp(host: target.host, port: target.port))) }
        if let grpc = try CheckDefinition.GRPCProbe.read(from: &fields, tls) { given.append(("GRPC", .grpc(grpc))) }
        let container = try container(&fields)
        if let arguments = try arguments(&fields) {
            given.append(("Args", container.map { .docker(container: $0, arguments) } ?? .script(arguments)))
        } else if container != nil {
            throw FieldError(fields.name("DockerContainerID"), "needs Args: what to run in the container")
        }
        guard given.count < 2 else {
            throw FieldError(fields.name(given[0].name), "and \(given[1].name) exclude each other")
        }
        return given.first?.probe
    }

    /// A container's name or id. What its shell is does not matter: the arguments are run as they are.
    private static func container(_ fields: inout JSONFields) throws(FieldError) -> String? {
        _ = try fields.text("Shell")
        guard let text = try fields.text("DockerContainerID", or: "docker_container_id"), !text.isEmpty else {
            return nil
        }
        let isName = text.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_.-".utf8.contains(octet)
            }
        }
        guard isName, text.utf8.count <= 255, text.first != "." else {
            throw FieldError(fields.name("DockerContainerID"), "\(quoted(text)) is no name or id of a container")
        }
        return text
    }

    /// A program and its arguments, under any of the names that Consul has for them.
    private static func arguments(_ fields: inout JSONFields) throws(FieldError) -> [String]? {
        let script = try fields.texts("ScriptArgs", or: "script_args", atMost: 64) ?? []
        let arguments = try fields.texts("Args", atMost: 64) ?? []
        guard let program = arguments.first ?? script.first else { return nil }
        guard !program.isEmpty else { throw FieldError(fields.name("Args"), "must begin with a program") }
        return arguments.isEmpty ? script : arguments
    }

    private static func target(_ name: String, _ fields: inout JSONFields) throws(FieldError) -> CheckTarget? {
        guard let text = try fields.text(name), !text.isEmpty else { return nil }
        guard let target = CheckTarget(hostAndPort: text) else {
            throw FieldError(fields.name(name), "\(quoted(text)) must be host:port, such as 10.0.0.1:5432")
        }
        return target
    }
}

/// What several kinds say of TLS.
private struct TLSFields {
    var skipsVerification: Bool
    /// Empty: the host that is asked.
    var serverName: String

    init(from fields: inout JSONFields) throws(FieldError) {
        skipsVerification = try fields.bool("TLSSkipVerify", or: "tls_skip_verify") ?? false
        serverName = try fields.text("TLSServerName", or: "tls_server_name") ?? ""
        guard serverName.isEmpty || (try? Address(serverName)).map({ $0.ip == nil }) == true else {
            throw FieldError(fields.name("TLSServerName"), "\(quoted(serverName)) must be a host name")
        }
    }
}

extension CheckDefinition.GRPCProbe {
    fileprivate static func read(from fields: inout JSONFields, _ tls: TLSFields) throws(FieldError) -> Self? {
        let usesTLS = try fields.bool("GRPCUseTLS", or: "grpc_use_tls") ?? false
        guard let text = try fields.text("GRPC"), !text.isEmpty else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let target = CheckTarget(hostAndPort: parts[0]) else {
            throw FieldError(
                fields.name("GRPC"), "\(quoted(text)) must be host:port or host:port/service, such as 10.0.0.1:50051")
        }
        return Self(
            host: target.host, port: target.port, service: parts.count > 1 ? String(parts[1]) : "", usesTLS: usesTLS,
            skipsTLSVerification: tls.skipsVerification, tlsServerName: tls.serverName)
    }
}

extension CheckDefinition.HTTPProbe {
    fileprivate static func read(from fields: inout JSONFields, _ tls: TLSFields) throws(FieldError) -> Self? {
        let url = try fields.text("HTTP") ?? ""
        let method = try fields.text("Method") ?? ""
        let headers = try headers(&fields)
        let body = try fields.rawText("Body") ?? ""
        // Redirects are never followed, whatever this says.
        _ = try fields.bool("DisableRedirects", or: "disable_redirects")

        guard !url.isEmpty else { return nil }
        guard CheckTarget(url: url) != nil else {
            throw FieldError(fields.name("HTTP"), "\(quoted(url)) must be a URL such as http://10.0.0.1:8080/health")
        }
        guard method.utf8.allSatisfy(isToken) else {
            throw FieldError(fields.name("Method"), "\(quoted(method)) is not an HTTP method")
        }
        return Self(
            url: url, method: method.isEmpty ? "GET" : method, headers: headers, body: body,
            skipsTLSVerification: tls.skipsVerification, tlsServerName: tls.serverName)
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

import Registry

extension CheckDefinition.Probe {
    /// Takes what is to be asked.
    ///
    /// - Returns: `nil`: nothing is.
    /// - Throws: ``FieldError``.
    static func read(from fields: inout JSONFields) throws(FieldError) -> CheckDefinition.Probe? {
        let http = try CheckDefinition.HTTPProbe.read(from: &fields)
        let tcp = try fields.text("TCP") ?? ""
        guard http == nil || tcp.isEmpty else { throw FieldError(fields.name("HTTP"), "and TCP exclude each other") }
        if let http { return .http(http) }
        guard !tcp.isEmpty else { return nil }
        guard let target = CheckTarget(hostAndPort: tcp) else {
            throw FieldError(fields.name("TCP"), "\(quoted(tcp)) must be host:port, such as 10.0.0.1:5432")
        }
        return .tcp(host: target.host, port: target.port)
    }
}

extension CheckDefinition.HTTPProbe {
    fileprivate static func read(from fields: inout JSONFields) throws(FieldError) -> Self? {
        let url = try fields.text("HTTP") ?? ""
        let method = try fields.text("Method") ?? ""
        let headers = try headers(&fields)
        let body = try fields.rawText("Body") ?? ""
        let skipsTLSVerification = try fields.bool("TLSSkipVerify", or: "tls_skip_verify") ?? false
        let serverName = try fields.text("TLSServerName", or: "tls_server_name") ?? ""
        // Redirects are never followed, whatever this says.
        _ = try fields.bool("DisableRedirects", or: "disable_redirects")

        guard !url.isEmpty else { return nil }
        guard CheckTarget(url: url) != nil else {
            throw FieldError(fields.name("HTTP"), "\(quoted(url)) must be a URL such as http://10.0.0.1:8080/health")
        }
        guard method.utf8.allSatisfy(isToken) else {
            throw FieldError(fields.name("Method"), "\(quoted(method)) is not an HTTP method")
        }
        guard serverName.isEmpty || (try? Address(serverName)).map({ $0.ip == nil }) == true else {
            throw FieldError(fields.name("TLSServerName"), "\(quoted(serverName)) must be a host name")
        }
        return Self(
            url: url, method: method.isEmpty ? "GET" : method, headers: headers, body: body,
            skipsTLSVerification: skipsTLSVerification, tlsServerName: serverName)
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

import Registry

/// What somebody else checks, as the registration said; nothing of a check that an agent looks after.
struct CheckDefinitionJSON: Encodable {
    private let definition: CheckDefinition?

    private enum CodingKeys: String, CodingKey {
        case interval = "Interval"
        case timeout = "Timeout"
        case removal = "DeregisterCriticalServiceAfter"
        case http = "HTTP"
        case method = "Method"
        case header = "Header"
        case body = "Body"
        case serverName = "TLSServerName"
        case skipsVerification = "TLSSkipVerify"
        case tcp = "TCP"
        case udp = "UDP"
        case grpc = "GRPC"
        case grpcUsesTLS = "GRPCUseTLS"
        case script = "ScriptArgs"
        case container = "DockerContainerID"
    }

    init(_ definition: CheckDefinition?) { self.definition = definition }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        guard let definition, case .elsewhere(let probe, let interval, let timeout) = definition.source else { return }
        for (key, duration) in [
            (CodingKeys.interval, interval), (.timeout, timeout), (.removal, definition.removesInstanceAfter ?? .zero),
        ] where duration > .zero { try json.encode(GoDuration.text(duration), forKey: key) }
        switch probe {
        case .http(let probe):
            try json.encode(probe.url, forKey: .http)
            if probe.method != "GET" { try json.encode(probe.method, forKey: .method) }
            if !probe.headers.isEmpty { try json.encode(probe.headers, forKey: .header) }
            if !probe.body.isEmpty { try json.encode(probe.body, forKey: .body) }
            if !probe.tlsServerName.isEmpty { try json.encode(probe.tlsServerName, forKey: .serverName) }
            if probe.skipsTLSVerification { try json.encode(true, forKey: .skipsVerification) }
        case .tcp(let host, let port):
            try json.encode(CheckTarget.text(host: host, port: port), forKey: .tcp)
        case .udp(let host, let port):
            try json.encode(CheckTarget.text(host: host, port: port), forKey: .udp)
        case .grpc(let probe):
            let service = probe.service.isEmpty ? "" : "/\(probe.service)"
            try json.encode(CheckTarget.text(host: probe.host, port: probe.port) + service, forKey: .grpc)
            if probe.usesTLS { try json.encode(true, forKey: .grpcUsesTLS) }
            if !probe.tlsServerName.isEmpty { try json.encode(probe.tlsServerName, forKey: .serverName) }
            if probe.skipsTLSVerification { try json.encode(true, forKey: .skipsVerification) }
        case .script(let arguments): try json.encode(arguments, forKey: .script)
        case .docker(let container, let arguments):
            try json.encode(container, forKey: .container)
            try json.encode(arguments, forKey: .script)
        case nil: break
        }
    }
}

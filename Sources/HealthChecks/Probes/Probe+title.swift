import Registry

extension CheckDefinition.Probe {
    /// What its output begins with.
    var title: String {
        switch self {
        case .http(let probe): "HTTP \(probe.method) \(probe.url)"
        case .tcp(let host, let port): "TCP connect \(host.text):\(port)"
        case .udp(let host, let port): "UDP connect \(host.text):\(port)"
        case .grpc(let probe): "gRPC check \(probe.authority)\(probe.service.isEmpty ? "" : "/\(probe.service)")"
        case .script(let arguments): arguments.first ?? ""
        case .docker(let container, _): "docker exec \(container)"
        }
    }

    /// Where it connects to; `nil`: nowhere.
    var target: (host: Address, port: UInt16)? {
        switch self {
        case .http(let probe): HTTPTarget(probe.url).flatMap(\.hostAndPort)
        case .tcp(let host, let port), .udp(let host, let port): (host, port)
        case .grpc(let probe): (probe.host, probe.port)
        case .script, .docker: nil
        }
    }
}

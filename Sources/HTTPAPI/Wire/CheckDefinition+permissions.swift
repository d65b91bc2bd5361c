import Registry

extension CheckDefinition {
    /// Whether the check may run, as far as that can be said before it does: where names lead to is seen then.
    ///
    /// - Throws: ``FieldError``.
    func ensure(_ permissions: CheckPermissions) throws(FieldError) {
        guard case .probe(let probe, interval: _, timeout: _) = source else { return }
        if probe.runsProgram, !permissions.scripts {
            throw FieldError(
                "Scripts are disabled on this agent; to enable them, start Berth with enable-script-checks on")
        }
        if let address = probe.host?.ip, !permissions.lets(connectTo: address) {
            throw FieldError("checks may not connect to \(address): check-targets leaves it out")
        }
    }
}

extension CheckDefinition.Probe {
    fileprivate var host: Address? {
        switch self {
        case .http(let probe): CheckTarget(url: probe.url)?.host
        case .tcp(let host, port: _), .udp(let host, port: _): host
        case .grpc(let probe): probe.host
        case .script, .docker: nil
        }
    }

    var runsProgram: Bool {
        switch self {
        case .script, .docker: true
        case .http, .tcp, .udp, .grpc: false
        }
    }
}

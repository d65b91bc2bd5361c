import Registry

/// What one run of a check says.
struct Verdict: Hashable, Sendable {
    var status: HealthStatus
    var output: String

    /// - Parameter limit: octets of output that are kept.
    func cut(to limit: Int) -> Verdict {
        output.utf8.count <= limit
            ? self : Verdict(status: status, output: CheckOutput.beginning(of: output, octets: limit))
    }
}

/// The rules by which runs become statuses, and statuses become writes; pure.
enum HealthJudge {
    /// How long a changed output with an unchanged status may wait: outputs hold clocks and counters, and every write
    /// is journalled and wakes readers.
    static let outputPeriod = Duration.seconds(300)

    /// - Parameters:
    ///   - code: the HTTP status code.
    ///   - body: its beginning is enough.
    static func http(_ probe: CheckDefinition.HTTPProbe, code: UInt, reason: String, body: [UInt8]) -> Verdict {
        let status: HealthStatus =
            switch code {
            case 200..<300: .passing
            case 429: .warning
            default: .critical
            }
        let text = String(decoding: body, as: UTF8.self)
        let output = "HTTP \(probe.method) \(probe.url): \(code) \(reason) Output: \(text)"
        return Verdict(status: status, output: CheckOutput.beginning(of: output))
    }

    static func connected(host: String, port: UInt16) -> Verdict {
        Verdict(status: .passing, output: "TCP connect \(host):\(port): Success")
    }

    /// - Parameter what: `TCP connect db:5432`.
    static func failed(_ what: String, reason: String) -> Verdict {
        Verdict(status: .critical, output: CheckOutput.beginning(of: "\(what): \(reason)"))
    }

    /// What an alias comes to: the worst of the node's own checks and the instance's, without the alias itself.
    ///
    /// - Parameter own: the alias.
    static func alias(_ alias: CheckDefinition.Alias, own: CheckKey, in snapshot: CatalogSnapshot) -> Verdict {
        let node = alias.node ?? own.node
        var checks = snapshot.node(node)?.checks ?? []
        if let id = alias.instance {
            guard let entry = snapshot.instance(InstanceKey(node: node, id: id)) else {
                return Verdict(
                    status: .critical, output: "Service \(id) could not be found on node \(node.text)")
            }
            checks += entry.checks
        }
        checks.removeAll { $0.value.key == own }
        guard let worst = checks.map(\.value).max(by: { $0.status < $1.status }) else {
            return Verdict(status: .passing, output: "No checks found.")
        }
        guard worst.status != .passing else { return Verdict(status: .passing, output: "All checks passing.") }
        let output = "Aliased check \"\(worst.name)\" failing: \(worst.output)"
        return Verdict(status: worst.status, output: CheckOutput.beginning(of: output))
    }

    /// Whether a verdict is worth a write.
    ///
    /// - Parameters:
    ///   - known: what the catalog says.
    ///   - age: since this check's last write, or since it was started.
    static func isNews(_ verdict: Verdict, known: Verdict, age: Duration) -> Bool {
        if verdict.status != known.status { return true }
        if verdict.output == known.output { return false }
        if FlapDamper.notice(in: verdict.output) != FlapDamper.notice(in: known.output) { return true }
        return known.output.isEmpty || age >= outputPeriod
    }
}

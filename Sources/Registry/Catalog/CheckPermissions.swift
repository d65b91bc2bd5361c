package import DNS

/// What checks may do on this host.
package struct CheckPermissions: Hashable, Sendable {
    /// Where they may connect to; empty: anywhere.
    package var targets: [IPPrefix]
    /// Whether they may run programs.
    package var scripts: Bool

    package init(targets: [IPPrefix] = [], scripts: Bool = false) {
        self.targets = targets
        self.scripts = scripts
    }

    package func lets(connectTo address: IPAddress) -> Bool {
        targets.isEmpty || targets.contains { $0.contains(address.unmapped) }
    }
}

package import DNS

extension Settings {
    /// Which servers follow this one's zones as secondaries.
    package struct Transfer: Hashable, Sendable {
        /// Who may have whole zones. `transfer-to`.
        package var allowed: [TransferPeer] = []
        /// Who is told of changes. `notify`.
        package var notified: [NotifiedPeer] = []
        /// `tsig-key`.
        package var keyFile: KeyFile?
    }
}

/// `ADDR[/PREFIX][,KEY]`: addresses that may have whole zones.
package struct TransferPeer: Hashable, Sendable {
    package var addresses: IPPrefix
    /// The key that must sign the request; `nil`: it need not be signed.
    package var key: DomainName?
}

/// `ADDR[:PORT][,KEY]`: a server that is told of changes.
package struct NotifiedPeer: Hashable, Sendable {
    package var server: ServerAddress
    /// The key that signs the message; `nil`: it is not signed.
    package var key: DomainName?
}

/// A file of TSIG keys, and what was in it.
package struct KeyFile: Hashable, Sendable {
    package var path: String
    package var keys: [TSIGKey]
    /// Whoever has an account on this host can read the secrets.
    package var isOpenToEverybody = false
}

extension TransferPeer: CustomStringConvertible {
    package var description: String {
        let isOne = addresses.length == addresses.address.octets.count * 8
        return "\(isOne ? "\(addresses.address)" : "\(addresses)")\(NotifiedPeer.suffix(key))"
    }
}

extension NotifiedPeer: CustomStringConvertible {
    package var description: String { "\(server)\(Self.suffix(key))" }

    fileprivate static func suffix(_ key: DomainName?) -> String { key.map { ",\($0.description.dropLast())" } ?? "" }
}

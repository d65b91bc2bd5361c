package import DNS

/// The servers that follow this one's zones.
package struct Secondaries: Hashable, Sendable {
    /// Who may have whole zones; nobody else may.
    package var allowed: [TransferRule]
    /// Who is told of changes.
    package var notified: [NotifiedServer]
    package var keys: [TSIGKey]
    /// How many zones are sent at a time; who comes then has to come again.
    package var transfersAtOnce: Int

    package init(
        allowed: [TransferRule] = [], notified: [NotifiedServer] = [], keys: [TSIGKey] = [], transfersAtOnce: Int = 16
    ) {
        self.allowed = allowed
        self.notified = notified
        self.keys = keys
        self.transfersAtOnce = transfersAtOnce
    }

    /// True if no zone needs to be kept for others.
    var isEmpty: Bool { allowed.isEmpty && notified.isEmpty }
}

/// A server that is told of changes (RFC 1996).
package struct NotifiedServer: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16
    /// Signs the messages; `nil`: they are not signed.
    package var key: DomainName?

    package init(address: IPAddress, port: UInt16 = 53, key: DomainName? = nil) {
        self.address = address
        self.port = port
        self.key = key
    }
}

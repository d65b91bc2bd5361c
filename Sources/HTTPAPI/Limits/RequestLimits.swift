import Registry

/// What one client may use up.
package struct RequestLimits: Hashable, Sendable {
    /// Open connections on each address; the next ones wait to be taken.
    package var connections = 10_000
    /// Open connections from one IP address; `nil`: as many as there are on all.
    package var connectionsPerClient: Int?
    /// Octets of a request's headers together; one alone may have a quarter of them.
    package var headerSize = 64 << 10
    /// Octets of a path with its parameters.
    package var uriSize = 32 << 10
    /// Octets of a body, where nothing else holds.
    package var bodySize = 1 << 20
    /// Octets of a key's value, and of a transaction's body.
    package var valueSize = KeyEntry.usualValueSize
    /// Octets of what a snapshot holds that is to be restored.
    package var snapshotSize = 1 << 30

    package init() {}
}

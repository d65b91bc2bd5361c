import Registry

extension Settings {
    /// What clients of the HTTP API may use up.
    package struct HTTP: Hashable, Sendable {
        /// Open connections on each address, in ``connectionCounts``. `http-connections`.
        package var connections = 10_000
        /// Open connections from one IP address; 0: no limit. `http-connections-per-client`.
        package var connectionsPerClient = 200
        /// Octets of a request's headers, in ``headerSizes``. `http-header-size`.
        package var headerSize = 64 << 10
        /// Octets of a path with its parameters, in ``uriSizes``. `http-uri-size`.
        package var uriSize = 32 << 10
        /// Octets of a body, in ``bodySizes``. `http-body-size`.
        package var bodySize = 1 << 20
        /// Octets of a key's value and of a transaction, in ``bodySizes``. `kv-value-size`.
        package var valueSize = KeyEntry.usualValueSize

        /// Octets of what a snapshot holds that is to be restored, in ``snapshotSizes``; `nil`: an eighth of the memory.
        /// `snapshot-size`.
        package var snapshotSize: Int?

        package static let connectionCounts = 1...1_000_000
        package static let headerSizes = 8192...1_048_576
        package static let uriSizes = 1024...65_536
        package static let bodySizes = 1024...16_777_216
        package static let snapshotSizes = 1_048_576...1_099_511_627_776
    }
}

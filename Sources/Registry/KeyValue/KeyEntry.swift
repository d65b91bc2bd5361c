/// One key with its value.
package struct KeyEntry: Hashable, Sendable {
    /// Octets of a value at most, unless the operator says otherwise.
    package static let usualValueSize = 512 << 10

    package var key: Key
    /// Any octets.
    package var value: [UInt8]
    /// Means what its writers agree on.
    package var flags: UInt64
    /// How often the key was locked.
    package var lockIndex: UInt64
    /// Who holds the lock on it; `nil`: nobody.
    package var session: SessionID?
    package var createIndex: UInt64
    package var modifyIndex: UInt64

    package init(
        key: Key, value: [UInt8], flags: UInt64 = 0, lockIndex: UInt64 = 0, session: SessionID? = nil,
        createIndex: UInt64, modifyIndex: UInt64
    ) {
        self.key = key
        self.value = value
        self.flags = flags
        self.lockIndex = lockIndex
        self.session = session
        self.createIndex = createIndex
        self.modifyIndex = modifyIndex
    }
}

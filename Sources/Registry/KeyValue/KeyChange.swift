/// Every write that keys know.
package enum KeyChange: Hashable, Sendable {
    /// Adds or replaces a key. Whoever holds its lock goes on holding it.
    case put(Key, value: [UInt8], flags: UInt64)
    /// Adds or replaces a key and locks it for a session, which exists.
    case lock(Key, value: [UInt8], flags: UInt64, SessionID)
    /// Replaces a key and gives up the lock on it.
    case unlock(Key, value: [UInt8], flags: UInt64)
    /// No such key: no change.
    case remove(Key)
    /// Removes all keys with a prefix.
    case removeAll(under: KeyPrefix)
    /// The key may be locked again by others than its last holder.
    case endLockDelay(Key)

    /// What one record of a journal has in octets, more or less; a large value counts as several.
    static let ordinarySize = 1024
}

extension CatalogChange {
    /// What the change weighs in a journal, in records of ordinary size.
    var weight: Int {
        switch self {
        case .key(.put(_, let value, _)), .key(.lock(_, let value, _, _)), .key(.unlock(_, let value, _)):
            1 + value.count / KeyChange.ordinarySize
        case .restoration(.record(.key(let entry))): 1 + entry.value.count / KeyChange.ordinarySize
        default: 1
        }
    }
}

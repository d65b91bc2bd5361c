import Synchronization

/// How many octets of large bodies are held at once, over all connections: thousands of clients with a large body each must
/// not use up the memory.
///
/// What every body may have costs nothing here, so that large ones, or clients that never finish theirs, keep no ordinary
/// registration out.
final class BodyBudget: Sendable {
    /// Octets of each body that are free.
    static let allowance = 16 << 10

    /// Octets of a body, where nothing else holds.
    let largest: Int
    /// Octets of a key's value, and of a transaction.
    let largestValue: Int
    private let left: Mutex<Int>

    init(octets: Int = 64 << 20, largest: Int, largestValue: Int) {
        left = Mutex(octets)
        self.largest = largest
        self.largestValue = largestValue
    }

    /// Sets octets aside for a body that grows.
    ///
    /// - Returns: whether so many were left.
    func take(growing size: Int, by count: Int) -> Bool {
        let cost = Self.cost(size + count) - Self.cost(size)
        return left.withLock { left in
            guard left >= cost else { return false }
            left -= cost
            return true
        }
    }

    /// Gives back what was set aside for a body.
    func giveBack(_ size: Int) { left.withLock { $0 += Self.cost(size) } }

    private static func cost(_ size: Int) -> Int { max(0, size - allowance) }
}

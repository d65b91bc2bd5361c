import Synchronization

/// How many octets of bodies are held at once, over all connections: thousands of clients with a large body each must not
/// use up the memory.
final class BodyBudget: Sendable {
    private let octets: Mutex<Int>

    init(octets: Int = 64 << 20) { self.octets = Mutex(octets) }

    /// Sets octets aside while `body` runs.
    ///
    /// - Throws: ``APIError/busy`` if so many are not left; what `body` throws.
    func reserve<Result>(_ count: Int, _ body: () async throws -> Result) async throws -> Result {
        let isGranted = octets.withLock { left in
            guard left >= count else { return false }
            left -= count
            return true
        }
        guard isGranted else { throw APIError.busy }
        defer { octets.withLock { $0 += count } }
        return try await body()
    }
}

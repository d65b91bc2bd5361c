/// Does something for at most so long, then cancels it and waits for its end.
///
/// - Returns: what it came to; `nil` if that took too long.
package func within<Value: Sendable>(
    _ timeout: Duration, _ work: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            // Cancelled when the work is done; then nobody asks what this returns.
            try? await Task.sleep(for: timeout)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

/// Why a condition doesn't hold yet.
struct NotYet: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Tries until `attempt` returns, and fails with the last reason when one that began after `limit` has thrown.
///
/// An attempt counts by when it began: a slow look at the right state is no late state.
@discardableResult
func retrying<Result>(
    for limit: Duration, _ attempt: () async throws -> Result
) async throws -> Result {
    let deadline = ContinuousClock.now + limit
    while true {
        let began = ContinuousClock.now
        do {
            return try await attempt()
        } catch {
            guard began < deadline, !Task.isCancelled else { throw NotYet("not within \(limit): \(error)") }
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Throws ``NotYet`` with `reason` unless `condition` holds.
func expectNow(_ condition: Bool, _ reason: @autoclosure () throws -> String) throws {
    guard condition else { throw NotYet(try reason()) }
}

import APIClient

/// Something of which a session can have hold: alone, or as one of several.
protocol Hold: Sendable {
    /// Waits until the session has hold of it.
    ///
    /// - Returns: false if it has not by `deadline`; `nil`: there is none.
    /// - Throws: ``CommandFailure`` where the key is used for something else, `APIClientError`.
    func acquire(until deadline: ContinuousClock.Instant?) async throws -> Bool

    /// Waits a while for a change, if there is an `index` to wait with, and tells whether the session has hold of it.
    ///
    /// - Throws: `APIClientError` when the server cannot say.
    func wait(after index: UInt64?) async throws -> HoldState

    /// Lets go.
    func release() async throws

    /// Removes what nobody has hold of.
    ///
    /// - Returns: false if somebody has.
    func cleanUp() async throws -> Bool
}

/// Whether the session still has hold, and the index to wait with for another state.
struct HoldState {
    var isHeld: Bool
    var index: UInt64?
}

extension Hold {
    /// Returns when hold was lost, or the server could not be asked `retries` times in a row, a second apart.
    func untilLost(retries: Int) async {
        var failures = 0
        var index: UInt64?
        while !Task.isCancelled {
            do {
                let state = try await wait(after: index)
                guard state.isHeld else { return }
                index = state.index
                failures = 0
                // Something between here and the server takes away what to wait with.
                if index == nil { try? await Task.sleep(for: .seconds(1)) }
            } catch {
                failures += 1
                guard failures <= retries else { return }
                index = nil
                // Cancelled when nobody waits any longer.
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}

/// Until when to wait for a lock.
struct LockDeadline {
    let instant: ContinuousClock.Instant?

    var isOver: Bool { instant.map { $0 <= .now } ?? false }

    /// For one request: at most 15 seconds, and not beyond the deadline.
    var wait: Duration {
        let left = instant.map { max(.milliseconds(10), $0 - .now) } ?? .seconds(15)
        return min(left, .seconds(15))
    }
}

extension APIRequest {
    /// The same, for what ends by itself should it fail: nobody is to wait long for it.
    var brief: APIRequest {
        var request = self
        request.patience = .seconds(5)
        return request
    }

    /// The same, answered once there is another index, or after so long; the answer may be five seconds late.
    func waiting(_ wait: Duration, after index: UInt64?) -> APIRequest {
        let (seconds, attoseconds) = wait.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var request = with("index", index.map(String.init)).with("wait", "\(milliseconds)ms")
        request.patience = wait + .seconds(5)
        return request
    }
}

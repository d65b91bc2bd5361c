import APIClient
import NIOCore

/// A lock that one session has at a time: a key that it has acquired.
///
/// - SeeAlso: Go's `api.Lock`, which takes part under the same key.
struct KeyLock: Hold {
    let api: APIClient
    let flags: DatacenterFlags
    let session: String
    let key: String

    /// What Consul marks keys of locks with.
    private static let mark: UInt64 = 0x2ddc_cbc0_58a5_0c18

    func acquire(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        let deadline = LockDeadline(instant: deadline)
        var index: UInt64?
        while true {
            let (entry, newIndex) = try await look(after: index, wait: deadline.wait)
            if let entry {
                guard entry.flags == Self.mark else {
                    throw CommandFailure(message: "Existing key does not match lock use")
                }
                if entry.session == session { return true }
            }
            if entry?.session == nil {
                let request = APIRequest.key(.put, key).of(flags).with("acquire", session).with("flags", "\(Self.mark)")
                if try await api.ask(request).decoded(as: Bool.self) { return true }
                if deadline.isOver { return false }
                // Nobody has it: its delay is not over. Or somebody was faster, which the next look tells.
                try await Task.sleep(for: .seconds(1))
                index = nil
            } else {
                index = newIndex
                // Nothing to wait with: something between here and the server has taken it away.
                if index == nil { try await Task.sleep(for: .seconds(1)) }
            }
            if deadline.isOver { return false }
        }
    }

    func wait(after index: UInt64?) async throws -> HoldState {
        let (entry, newIndex) = try await look(after: index, wait: .seconds(15))
        return HoldState(isHeld: entry?.session == session, index: newIndex)
    }

    func release() async throws {
        try await api.ask(
            APIRequest.key(.put, key).of(flags).with("release", session).with("flags", "\(Self.mark)").brief)
    }

    func cleanUp() async throws -> Bool {
        guard let entry = try await look(after: nil, wait: .zero).entry else { return true }
        guard entry.flags == Self.mark, entry.session == nil else { return false }
        let request = APIRequest.key(.delete, key).of(flags).with("cas", "\(entry.modifyIndex)")
        return try await api.ask(request.brief).decoded(as: Bool.self)
    }

    private func look(after index: UInt64?, wait: Duration) async throws -> (entry: StoredKey?, index: UInt64?) {
        let request = APIRequest.key(.get, key).of(flags).waiting(wait, after: index)
        let answer = try await api.send(request)
        guard answer.status != 404 else { return (nil, answer.index) }
        return (try answer.succeeded().decoded(as: [StoredKey].self).first, answer.index)
    }
}

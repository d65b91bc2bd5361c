import APIClient
import Foundation
import NIOCore
import NIOFoundationCompat

/// A lock that several sessions have at a time: each has a key of its own below the prefix, and who has hold stands in
/// the key `.lock`, which is changed only from one known state to the next.
///
/// - SeeAlso: Go's `api.Semaphore`, which takes part under the same keys.
struct Semaphore: Hold {
    let api: APIClient
    let flags: DatacenterFlags
    let session: String
    let prefix: String
    let limit: Int

    /// What Consul marks keys of semaphores with.
    private static let mark: UInt64 = 0xe0f6_9a2b_aa41_4de0

    /// The value of the key `.lock`.
    private struct Holders: Codable {
        var limit: Int
        var sessions: [String: Bool]

        enum CodingKeys: String, CodingKey {
            case limit = "Limit"
            case sessions = "Holders"
        }
    }

    /// Who has hold, of those that are still there.
    private struct State {
        var holders: Holders
        /// 0: the key is not there.
        var modifyIndex: UInt64
        var index: UInt64?
    }

    private var lockKey: String { "\(prefix)/.lock" }
    private var ownKey: String { "\(prefix)/\(session)" }

    func acquire(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        let deadline = LockDeadline(instant: deadline)
        let request = APIRequest.key(.put, ownKey).of(flags).with("acquire", session).with("flags", "\(Self.mark)")
        guard try await api.ask(request).decoded(as: Bool.self) else {
            throw CommandFailure(message: "failed to make contender entry")
        }
        var index: UInt64?
        while true {
            var state = try await look(after: index, wait: deadline.wait)
            guard state.holders.limit == limit else {
                throw CommandFailure(
                    message: "semaphore limit conflict (lock: \(state.holders.limit), local: \(limit))")
            }
            if state.holders.sessions[session] != nil { return true }
            if state.holders.sessions.count < limit {
                state.holders.sessions[session] = true
                if try await api.ask(writing(state)).decoded(as: Bool.self) { return true }
                // Somebody else has changed it meanwhile.
                index = nil
            } else {
                index = state.index
                // Nothing to wait with: something between here and the server has taken it away.
                if index == nil { try await Task.sleep(for: .seconds(1)) }
            }
            if deadline.isOver { return false }
        }
    }

    func wait(after index: UInt64?) async throws -> HoldState {
        let state = try await look(after: index, wait: .seconds(15))
        return HoldState(isHeld: state.holders.sessions[session] != nil, index: state.index)
    }

    func release() async throws {
        while true {
            var state = try await look(after: nil, wait: .zero)
            guard state.holders.sessions.removeValue(forKey: session) != nil else { break }
            if try await api.ask(writing(state).brief).decoded(as: Bool.self) { break }
        }
        try await api.ask(APIRequest.key(.delete, ownKey).of(flags).brief)
    }

    func cleanUp() async throws -> Bool {
        let state = try await look(after: nil, wait: .zero)
        guard state.modifyIndex > 0 else { return true }
        guard state.holders.sessions.isEmpty else { return false }
        let request = APIRequest.key(.delete, lockKey).of(flags).with("cas", "\(state.modifyIndex)")
        return try await api.ask(request.brief).decoded(as: Bool.self)
    }

    private func look(after index: UInt64?, wait: Duration) async throws -> State {
        let request = APIRequest.key(.get, "\(prefix)/").of(flags).with("recurse", if: true)
            .waiting(wait, after: index)
        let answer = try await api.send(request)
        let keys = answer.status == 404 ? [] : try answer.succeeded().decoded(as: [StoredKey].self)
        guard let lock = keys.first(where: { $0.key == lockKey }) else {
            return State(holders: Holders(limit: limit, sessions: [:]), modifyIndex: 0, index: answer.index)
        }
        guard lock.flags == Self.mark, var holders = try? JSONDecoder().decode(Holders.self, from: lock.value) else {
            throw CommandFailure(message: "Existing key does not match semaphore use")
        }
        let living = Set(keys.compactMap(\.session))
        holders.sessions = holders.sessions.filter { living.contains($0.key) }
        return State(holders: holders, modifyIndex: lock.modifyIndex, index: answer.index)
    }

    /// Answered with false if the key is not what it was.
    private func writing(_ state: State) throws -> APIRequest {
        let value = try JSONEncoder().encode(state.holders)
        var request = APIRequest.key(.put, lockKey).of(flags).with("cas", "\(state.modifyIndex)")
            .with("flags", "\(Self.mark)")
        request.body = ByteBuffer(data: value)
        return request
    }
}

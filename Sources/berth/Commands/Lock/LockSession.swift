import APIClient
import Foundation
import NIOCore

/// The session that holds a lock, kept alive while the command is.
struct LockSession {
    let id: String
    private let api: APIClient
    private let flags: DatacenterFlags
    /// When it was asked for: it lives since then at the earliest.
    private let begin: ContinuousClock.Instant

    /// The server ends it so long, or up to twice that, after it was renewed last. Here it counts as lost after so long.
    private static let timeToLive = Duration.seconds(15)
    /// Leaves time to ask again, should an answer fail to come.
    private static let patience = Duration.seconds(5)

    /// - Parameter removesKeys: whether the keys that it holds go when it does.
    /// - Throws: `APIClientError`.
    static func create(
        _ api: APIClient, _ flags: DatacenterFlags, name: String, removesKeys: Bool
    ) async throws(APIClientError) -> LockSession {
        struct Created: Decodable {
            let id: String

            enum CodingKeys: String, CodingKey {
                case id = "ID"
            }
        }
        let behavior = removesKeys ? ",\"Behavior\":\"delete\"" : ""
        let body = "{\"Name\":\(JSONText.quoted(name)),\"TTL\":\"15s\"\(behavior)}"
        let begin = ContinuousClock.now
        let request = APIRequest(.put, "/v1/session/create", body: ByteBuffer(string: body)).of(flags)
        let created = try await api.ask(request).decoded(as: Created.self)
        return LockSession(id: created.id, api: api, flags: flags, begin: begin)
    }

    /// Renews it until the task is cancelled, or it is lost, and with it what it holds: it is gone, or was not renewed
    /// for so long that the server may end it soon, with nobody here to hear of that.
    func keepAlive() async {
        var end = begin + Self.timeToLive
        var next = begin + Self.timeToLive / 2
        while true {
            do {
                try await Task.sleep(until: min(next, end), clock: .continuous)
            } catch {
                return
            }
            let now = ContinuousClock.now
            guard now < end else { return }
            var request = APIRequest(.put, "/v1/session/renew/", id).of(flags)
            request.patience = min(Self.patience, end - now)
            switch (try? await api.send(request))?.status {
            case 404?: return
            case 200?: (end, next) = (now + Self.timeToLive, now + Self.timeToLive / 2)
            // A server that does not answer now is asked again before the time is over.
            default: next = ContinuousClock.now + .seconds(1)
            }
        }
    }

    /// Ends it at once, and with it all that it holds. If that fails it ends by itself.
    func destroy() async {
        _ = try? await api.send(APIRequest(.put, "/v1/session/destroy/", id).of(flags).brief)
    }
}

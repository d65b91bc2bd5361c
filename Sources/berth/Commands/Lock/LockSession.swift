import APIClient
import Foundation
import NIOCore

/// The session that holds a lock, kept alive while the command is.
struct LockSession {
    let id: String
    private let api: APIClient
    private let flags: DatacenterFlags

    /// It ends so long, or up to twice that, after it was renewed last.
    private static let timeToLive = Duration.seconds(15)

    /// - Throws: `APIClientError`.
    static func create(
        _ api: APIClient, _ flags: DatacenterFlags, name: String
    ) async throws(APIClientError) -> LockSession {
        struct Created: Decodable {
            let ID: String
        }
        let body = "{\"Name\":\(JSONText.quoted(name)),\"TTL\":\"15s\"}"
        let request = APIRequest(.put, "/v1/session/create", body: ByteBuffer(string: body)).of(flags)
        let created = try await api.ask(request).decoded(as: Created.self)
        return LockSession(id: created.ID, api: api, flags: flags)
    }

    /// Renews it until the task is cancelled, or it is gone: then what it held is, too.
    func keepAlive() async {
        while true {
            do {
                try await Task.sleep(for: Self.timeToLive / 2)
            } catch {
                return
            }
            // A server that does not answer now is asked again before the time is over.
            let answer = try? await api.send(APIRequest(.put, "/v1/session/renew/", id).of(flags))
            if answer?.status == 404 { return }
        }
    }

    /// Ends it at once, and with it all that it holds. If that fails it ends by itself.
    func destroy() async {
        _ = try? await api.send(APIRequest(.put, "/v1/session/destroy/", id).of(flags))
    }
}

import NIOCore
import Registry

/// What has a hash instead of an index.
protocol Hashed {
    /// The same for the same content, also after a restart.
    var contentHash: String { get }
}

extension CatalogReads {
    /// Reads what has a hash: at once, or when it differs from the `?hash` that the reader has seen.
    ///
    /// - Parameter content: what there is, and what to wait on for something else.
    /// - Throws: ``FieldError`` for parameters that make no sense; what `content` throws.
    func differing<Content: Hashed>(
        _ request: APIRequest, from content: (CatalogSnapshot) throws -> (Content, Subject)
    ) async throws -> Content {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        let seen = request.text("hash")
        let deadline = NIODeadline.now() + TimeAmount(Self.extended(options.wait))
        while true {
            let snapshot = registry.snapshot
            let (content, subject) = try content(snapshot)
            guard content.contentHash == seen else { return content }
            let wakeUp = await watchers.wait(
                for: [subject], after: snapshot.index(of: [subject]), until: deadline, on: request.channel)
            switch wakeUp {
            case .change: continue
            case .deadline, .shutdown: return content
            case .hangUp: throw APIError.hungUp
            }
        }
    }
}

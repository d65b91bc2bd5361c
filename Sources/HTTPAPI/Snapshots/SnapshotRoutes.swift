import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry
import Snapshots
import Synchronization

/// `/v1/snapshot`: all there is, as one archive.
struct SnapshotRoutes {
    let reads: CatalogReads
    let version: String
    let restoring: RestorationTurn
    /// Octets of what an archive holds.
    let limit: Int
    let logger: Logger

    /// By how much an archive may be larger as it is sent: nothing becomes much larger by compression.
    private static let surplus = 1 << 20
    private static let bodyTime = TimeAmount.minutes(10)
    /// Who takes nothing of a download for so long is cut off, as by ``StreamWriter``.
    private static let patience = TimeAmount.minutes(1)

    var endpoints: [Endpoint] { [.get("/v1/snapshot", save), .put("/v1/snapshot", restore)] }

    @Sendable private func save(_ request: APIRequest) async throws -> Response {
        let options = try ReadOptions(request, datacenter: reads.agent.datacenter)
        let snapshot = reads.registry.snapshot
        let writer = SnapshotWriter(
            snapshot, node: reads.agent.node.text, datacenter: reads.agent.datacenter, madeBy: version)
        var headers = ReadHeaders(index: max(1, snapshot.index), options: options).fields
        headers[.contentType] = "application/x-gzip"
        let channel = request.channel
        let body = ResponseBody { output in
            let pieces = try writer.pieces()
            // They are not made on the event loop, which serves other connections meanwhile.
            while let piece = try await withTaskExecutorPreference(globalConcurrentExecutor, operation: pieces.next) {
                let end = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                defer { end.cancel() }
                try await output.write(ByteBuffer(bytes: piece))
            }
            try await output.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @Sendable private func restore(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        guard restoring.begin() else { throw APIError.busy }
        defer { restoring.end() }
        let contents = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            let reader = SnapshotReader(limit: limit)
            try await request.readBody(atMost: limit + Self.surplus, in: Self.bodyTime) { chunk throws(APIError) in
                do throws(SnapshotError) {
                    try reader.read(Array(chunk.readableBytesView))
                } catch {
                    throw .badRequest(error.description)
                }
            }
            return try reader.finish()
        }
        let index = try await reads.registry.restore(contents.snapshot, on: reads.agent.node)
        logger.notice(
            "a snapshot was restored",
            metadata: [
                "made_at": "\(contents.meta.time)", "made_on": "\(contents.meta.node)", "index": "\(index)",
                "records": "\(contents.meta.records)",
            ])
        return .done
    }
}

/// One restoration at a time: each holds a whole catalog beside the one that there is.
final class RestorationTurn: Sendable {
    private let isTaken = Mutex(false)

    /// - Returns: whether it is the caller's.
    func begin() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    func end() { isTaken.withLock { $0 = false } }
}

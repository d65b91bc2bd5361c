import Hummingbird
import NIOCore
import Registry

/// Tells one reader of all that it watches, as Server-Sent Events.
///
/// Nothing is queued for a reader: while it takes an event, changes gather in the registry alone, and the next event is
/// made from what is there when it can be sent.
struct WatchStream {
    private let reads: CatalogReads
    private let subjects: [Subject]
    private let keepAlive: Duration
    private var watches: [Watch]
    private var snapshot: CatalogSnapshot

    /// - Parameters:
    ///   - seen: the index that the reader was told last, on another connection.
    ///   - keepAlive: how often something is sent at least.
    init(_ things: [WatchedThing], seen: UInt64?, reads: CatalogReads, keepAlive: Duration) {
        self.reads = reads
        self.keepAlive = keepAlive
        let snapshot = reads.registry.snapshot
        self.snapshot = snapshot
        subjects = Array(Set(things.flatMap(\.subjects)))
        watches = things.map {
            Watch($0, seen: seen, in: snapshot, datacenter: reads.agent.datacenter, encoded: reads.encoded)
        }
    }

    /// Sends until the client hangs up or the server shuts down.
    ///
    /// - Throws: when the connection is gone.
    @concurrent mutating func send(by writer: consuming StreamWriter, on channel: any Channel) async throws {
        // Reconnecting is cheap here, so there is no reason to wait longer.
        try await writer.write("retry: 1000\n\n")
        while true {
            try await sendNews(by: &writer)
            let wakeUp = await reads.watchers.wait(
                for: subjects, after: snapshot.index(of: subjects), until: .now() + TimeAmount(keepAlive), on: channel)
            switch wakeUp {
            case .change: break
            case .deadline: try await writer.write(":\n\n")
            case .hangUp, .shutdown: return try await writer.finish()
            }
            snapshot = reads.registry.snapshot
        }
    }

    /// Tells of everything that is new, oldest first: whoever has heard of an index has heard of all before it.
    @concurrent private mutating func sendNews(by writer: inout StreamWriter) async throws {
        let order = watches.indices.map { (index: watches[$0].thing.index(in: snapshot), place: $0) }.sorted { $0 < $1 }
        var unsaid: UInt64?
        for (position, (index, place)) in order.enumerated() {
            // Of several things with one index the last one says it: not before then has the reader heard of them all.
            let isLast = position + 1 == order.count || order[position + 1].index != index
            let data: ByteBuffer?
            (watches[place], data) = try await Self.news(of: watches[place], in: snapshot)
            if let data {
                let id = isLast ? "id: \(index)\n" : ""
                var event = ByteBuffer(string: "\(id)event: \(watches[place].thing.kind)\ndata: ")
                event.writeImmutableBuffer(data)
                event.writeString("\n\n")
                try await writer.write(event)
                unsaid = isLast ? nil : index
            } else if isLast, let index = unsaid {
                try await writer.write("id: \(index)\n\n")
                unsaid = nil
            }
        }
    }

    private static func news(of watch: Watch, in snapshot: CatalogSnapshot) async throws -> (Watch, ByteBuffer?) {
        // Megabytes of JSON perhaps: not on the event loop, which serves other connections meanwhile.
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await watch.telling(snapshot) }
    }
}

extension Watch {
    @concurrent fileprivate func telling(_ snapshot: CatalogSnapshot) async throws -> (Watch, ByteBuffer?) {
        var watch = self
        let data = try watch.news(in: snapshot)
        return (watch, data)
    }
}

import HTTPTypes
import Registry

/// What Consul's parameters and headers ask of any read.
struct ReadOptions {
    /// One server alone is always consistent; it says what it was asked for.
    enum Consistency: String {
        case leader
        case consistent
        case stale
    }

    var consistency: Consistency
    /// Nothing is older in a cache than what is answered anyway.
    var isCached: Bool
    /// What the reader has seen already: it waits for something newer. `nil`: it takes what there is.
    var index: UInt64?
    /// How long it waits, without the random extra.
    var wait: Duration
    /// The meta that nodes must have, all of it.
    private var nodeMeta: [(key: String, value: String)]

    static let usualWait = Duration.seconds(300)
    private static let longestWait = Duration.seconds(600)

    /// - Throws: ``FieldError``, also for parameters that would change what is answered and that Berth does not know.
    init(_ request: APIRequest, datacenter: String) throws(FieldError) {
        for name in ["ns", "partition"] where request.text(name) != nil {
            throw FieldError("?\(name)", "is not supported")
        }
        if let asked = request.text("dc"), asked.lowercased() != datacenter.lowercased() {
            throw FieldError("No path to datacenter \(quoted(asked)): this is \(quoted(datacenter))")
        }
        consistency = try Self.consistency(request)
        isCached = try Self.isCached(request, consistency)
        index = try Self.index(request.text("index"))
        wait = try Self.wait(request.text("wait"))
        nodeMeta = request.values("node-meta").map { pair in
            let parts = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (key: String(parts.first ?? ""), value: parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// Whether a node has the meta that was asked for.
    func selects(_ node: Node) -> Bool { nodeMeta.allSatisfy { node.meta[$0.key] == $0.value } }

    /// Whether an instance is on such a node.
    func selects(_ entry: InstanceEntry, in snapshot: CatalogSnapshot) -> Bool {
        selectsAllNodes || snapshot.node(entry.instance.value.node).map { selects($0.node.value) } == true
    }

    /// Whether no node is left out.
    var selectsAllNodes: Bool { nodeMeta.isEmpty }

    private static func consistency(_ request: APIRequest) throws(FieldError) -> Consistency {
        let isStale = request.has("stale") || request.has("max_stale")
        if let limit = request.text("max_stale"), GoDuration.parse(limit) == nil {
            throw FieldError("Invalid max_stale value \(quoted(limit))")
        }
        switch (isStale, request.has("consistent")) {
        case (true, true): throw FieldError("Cannot specify ?stale with ?consistent, conflicting semantics.")
        case (true, false): return .stale
        case (false, true): return .consistent
        case (false, false): return .leader
        }
    }

    private static func isCached(_ request: APIRequest, _ consistency: Consistency) throws(FieldError) -> Bool {
        for directive in request.header(.cacheControl)?.split(separator: ",") ?? [] {
            let parts = directive.split(separator: "=", maxSplits: 1)
            let name = parts.first?.trimmingPrefix(while: \.isWhitespace)
            guard name == "max-age" || name == "stale-if-error" else { continue }
            guard parts.count == 2, UInt64(parts[1]) != nil else { throw FieldError("Invalid Cache-Control header.") }
        }
        guard request.has("cached") else { return false }
        guard consistency != .consistent else {
            throw FieldError("Cannot specify ?cached with ?consistent, conflicting semantics.")
        }
        return true
    }

    /// - Parameter text: `nil` or empty: the reader has seen nothing.
    static func index(_ text: String?) throws(FieldError) -> UInt64? {
        guard let text, !text.isEmpty else { return nil }
        guard let index = UInt64(text) else { throw FieldError("Invalid index") }
        return index == 0 ? nil : index
    }

    /// - Parameter text: `nil` or empty: the usual time.
    static func wait(_ text: String?) throws(FieldError) -> Duration {
        guard let text, !text.isEmpty else { return usualWait }
        guard let wait = GoDuration.parse(text) else { throw FieldError("Invalid wait time") }
        return wait == .zero ? usualWait : min(wait, longestWait)
    }
}

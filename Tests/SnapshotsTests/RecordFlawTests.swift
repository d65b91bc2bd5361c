import Registry
import Testing

@testable import Snapshots

private let tooGreat: UInt64 = 1 << 53 + 1
private let endless = Duration(secondsComponent: .max, attosecondsComponent: 0)

private func nodeName() throws -> NodeName { try NodeName("n1") }

/// As it was created and changed at index 1.
private func first<Value: Hashable & Sendable>(_ value: Value) -> Indexed<Value> {
    Indexed(value: value, createIndex: 1, modifyIndex: 1)
}

private func node(_ definition: CheckDefinition) throws -> CatalogRecord {
    let check = HealthCheck(node: try nodeName(), id: "c", name: "c", definition: definition)
    return .node(first(Node(name: try nodeName(), id: "id", address: try Address("10.0.0.1"))), checks: [first(check)])
}

private func probed(every interval: Duration, timeout: Duration = .seconds(1)) throws -> CatalogRecord {
    let probe = CheckDefinition.Probe.tcp(host: try Address("10.0.0.1"), port: 80)
    return try node(CheckDefinition(probe: probe, interval: interval, timeout: timeout))
}

private func session(lockDelay: Duration = .zero, timeToLive: Duration? = nil) throws -> CatalogRecord {
    let written = timeToLive.map { Session.TimeToLive(text: "text", duration: $0) }
    return .session(first(Session(id: "s", node: try nodeName(), lockDelay: lockDelay, timeToLive: written)))
}

private func query(timeToLive: Duration) -> CatalogRecord {
    let written = PreparedQuery.TimeToLive(text: "text", duration: timeToLive)
    return .query(first(PreparedQuery(id: "q", search: .init(service: "web"), timeToLive: written)))
}

private func removing(after time: Duration) throws -> CatalogRecord {
    var definition = CheckDefinition(source: .container)
    definition.removesInstanceAfter = time
    return try node(definition)
}

/// What comes of a record on its way through an archive.
private func archived(_ record: CatalogRecord) throws -> CatalogSnapshot {
    var state = CatalogState()
    var indexes = CatalogIndexes()
    indexes.catalog = 1
    try state.restore(.indexes(indexes))
    try state.restore(record)
    let reader = SnapshotReader()
    let pieces = try SnapshotWriter(state.snapshot, node: "n1", datacenter: "dc1", madeBy: "1.2.3").pieces()
    while let piece = try pieces.next() { try reader.read(piece) }
    return try reader.finish().snapshot
}

@Suite struct `Values that no catalog has` {
    private func expectRefusal(_ records: [CatalogRecord], _ reason: String) {
        for record in records {
            let error = #expect(throws: SnapshotError.self, "\(record)") { try archived(record) }
            #expect(error?.description.hasSuffix(reason) == true, "\(record)")
        }
    }

    @Test func `are indexes so great that there is no next one`() throws {
        let node = Node(name: try nodeName(), id: "id", address: try Address("10.0.0.1"))
        let key = try Key("k")
        expectRefusal(
            [
                .node(Indexed(value: node, createIndex: tooGreat, modifyIndex: 1), checks: []),
                .node(Indexed(value: node, createIndex: 1, modifyIndex: .max), checks: []),
                .service(try ServiceName("web"), index: .max),
                .keyIndexes(removal: tooGreat, sessions: 1), .keyIndexes(removal: 1, sessions: .max),
                .key(KeyEntry(key: key, value: [], lockIndex: .max, createIndex: 1, modifyIndex: 1)),
                .key(KeyEntry(key: key, value: [], createIndex: 1, modifyIndex: .max)),
                .event(Indexed(value: Event(id: "e", name: "n"), createIndex: .max, modifyIndex: .max)),
                .queryIndex(tooGreat), .eventIndex(tooGreat),
            ], "an index is too great")
    }

    @Test func `are such indexes of the whole`() {
        var indexes = CatalogIndexes()
        indexes.catalog = .max
        expectRefusal([.indexes(indexes)], "its index is too great")
        indexes.catalog = 1
        indexes.services = .max
        expectRefusal([.indexes(indexes)], "an index is too great")
    }

    @Test func `are times of sessions that the API refuses`() throws {
        let times: [Duration] = [.zero, .seconds(9), .seconds(86401), .seconds(-1), endless]
        expectRefusal(try times.map { try session(timeToLive: $0) }, "a session's TTL is not from 10s to 24h")
        let key = try Key("k")
        let delays: [Duration] = [.seconds(-1), .seconds(86401), endless]
        for delay in delays {
            expectRefusal(
                [try session(lockDelay: delay), .lockDelay(key, delay)], "a lock-delay is not from 0s to 24h")
        }
    }

    @Test func `are times of checks and queries that nothing can be timed by`() throws {
        let none: [Duration] = [.zero, .seconds(-1), endless]
        let reason = "a check's interval, timeout or TTL is 0, negative or too long"
        for time in none {
            let records: [CatalogRecord] = [
                try probed(every: time), try probed(every: .seconds(1), timeout: time), try removing(after: time),
                try node(CheckDefinition(source: .reports(within: time))),
            ]
            expectRefusal(records, reason)
        }
        expectRefusal(
            [try node(CheckDefinition(source: .elsewhere(nil, interval: endless, timeout: .zero)))], reason)
        expectRefusal(
            [query(timeToLive: .seconds(-1)), query(timeToLive: endless)],
            "a prepared query's TTL is not from 0s to 2^31-1 seconds")
    }

    @Test func `are not those that the API takes`() throws {
        let century = Duration.seconds(876_000 * 3600)
        let records: [CatalogRecord] = [
            .queryIndex(1 << 53), try session(lockDelay: .seconds(86400), timeToLive: .seconds(10)),
            try session(timeToLive: .seconds(86400)), .lockDelay(try Key("k"), .seconds(86400)),
            try probed(every: .seconds(1)), try node(CheckDefinition(source: .reports(within: century))),
            try node(CheckDefinition(source: .elsewhere(nil, interval: .zero, timeout: .zero))),
            try removing(after: century), query(timeToLive: .zero), query(timeToLive: .seconds(Int64(Int32.max))),
        ]
        for record in records {
            #expect(try Set(archived(record).records).contains(record), "\(record)")
        }
    }
}

import Registry

// What an archive holds comes from outside, and becomes durable: values that Berth cannot work with would end it now and
// at each start from then on.

extension CatalogRecord {
    /// Every JSON reader takes such a number exactly, and there is room for all the changes to come.
    static let greatestIndex: UInt64 = 1 << 53

    /// Why no catalog that Berth has saved can have this record; `nil`: one can.
    var flaw: String? {
        guard allIndexes.allSatisfy({ $0 <= Self.greatestIndex }) else { return "an index is too great" }
        return durationFlaw
    }

    private var allIndexes: [UInt64] {
        switch self {
        case .indexes(let all): [all.catalog, all.nodes, all.services, all.checks, all.extinction]
        case .node(let node, let checks): node.indexes + checks.flatMap(\.indexes)
        case .service(_, let index), .eventIndex(let index), .queryIndex(let index): [index]
        case .instance(let instance, let checks): instance.indexes + checks.flatMap(\.indexes)
        case .keyIndexes(let removal, let sessions): [removal, sessions]
        case .session(let session): session.indexes
        case .key(let entry): [entry.createIndex, entry.modifyIndex, entry.lockIndex]
        case .lockDelay: []
        case .event(let event): event.indexes
        case .query(let query): query.indexes
        }
    }

    private var durationFlaw: String? {
        switch self {
        case .node(_, let checks), .instance(_, let checks):
            checks.lazy.compactMap { $0.value.definition?.flaw }.first
        case .session(let session): session.value.flaw
        case .lockDelay(_, let delay): Session.flaw(ofLockDelay: delay)
        case .query(let query): query.value.timeToLive?.flaw
        case .indexes, .service, .keyIndexes, .key, .event, .eventIndex, .queryIndex: nil
        }
    }
}

extension Indexed {
    fileprivate var indexes: [UInt64] { [createIndex, modifyIndex] }
}

extension Session {
    fileprivate var flaw: String? {
        if let duration = timeToLive?.duration, !Self.timesToLive.contains(duration) {
            return "a session's TTL is not from 10s to 24h"
        }
        return Self.flaw(ofLockDelay: lockDelay)
    }

    fileprivate static func flaw(ofLockDelay delay: Duration) -> String? {
        lockDelays.contains(delay) ? nil : "a lock-delay is not from 0s to 24h"
    }
}

extension PreparedQuery.TimeToLive {
    /// As the API takes them.
    private static let durations = Duration.zero...Duration.seconds(Int64(Int32.max))

    fileprivate var flaw: String? {
        Self.durations.contains(duration) ? nil : "a prepared query's TTL is not from 0s to 2^31-1 seconds"
    }
}

extension CheckDefinition {
    /// Who means "never" may say a hundred years. Timers can do with so much, and not with much more.
    private static let longest = Duration.seconds(200 * 365 * 86400)

    fileprivate var flaw: String? {
        let areSound = durations.allSatisfy { $0 > .zero && $0 <= Self.longest }
        return areSound && hasSoundReport ? nil : "a check's interval, timeout or TTL is 0, negative or too long"
    }

    /// Those that something is timed by.
    private var durations: [Duration] {
        let removal = removesInstanceAfter.map { [$0] } ?? []
        return switch source {
        case .probe(_, let interval, let timeout): [interval, timeout] + removal
        case .reports(let period): [period] + removal
        case .alias, .container, .elsewhere: removal
        }
    }

    /// Whether what is only told of a check that others run can be told; 0 says nothing.
    private var hasSoundReport: Bool {
        guard case .elsewhere(_, let interval, let timeout) = source else { return true }
        return [interval, timeout].allSatisfy { $0 >= .zero && $0 <= Self.longest }
    }
}

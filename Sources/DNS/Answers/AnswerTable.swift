import Synchronization

/// The DNS view: for every name this server is authoritative for, its answers as ready wire octets.
///
/// One writer at a time publishes and removes names; any number of readers look them up without a lock and without
/// ever waiting. A change is visible to every look-up that starts after the call returns.
///
/// Rules for whoever fills it:
/// - Name the zones first (``setZones(_:)``). The apex always exists and has the zone's SOA; add NS and the like by
///   publishing the apex's other sets.
/// - Publish each name once, under its plain spelling. A registry zone answers these spellings out of the same entry:
///   `X.<datacenter>.<apex>` is `X.<apex>`; `_NAME._tcp.service.<apex>` is `NAME.service.<apex>`; and
///   `_NAME._TAG.service.<apex>` is `TAG.NAME.service.<apex>`, both also without `service`. `<hex>.addr.<apex>` is
///   computed and never published.
/// - Empty non-terminals come and go by themselves with the names below them, under every such spelling. A name that
///   shall exist without records and without names below it, such as `service.consul` before the first service, is
///   published without sets.
package final class AnswerTable: Sendable {
    let epochs = Epochs()
    /// The slots that readers look in: the writer's, swapped as a whole when they grow, and when zones change.
    let slots: Atomic<UInt>
    /// The zones that ``slots`` are of, by whose version readers see without a lock that theirs are others. The SOA sets in
    /// it may have been replaced since.
    let zones = Mutex<[Zone]>([])
    private let awaitsNames = Atomic<Bool>(false)
    private let loads = Atomic<Bool>(false)
    private let loader = Mutex<Loader?>(nil)
    private let writer: Mutex<AnswerWriter>
    package let policy: AnswerPolicy
    /// What server cookies are made with; shared, so that any thread knows another's.
    let cookieKey: SipHash.Key
    let supplement: Supplement?

    /// - Parameter supplement: works out what ``OwnerRecords/unpublished`` says there is besides, and names that lie in
    ///   none of the zones.
    package convenience init(
        zones: [Zone] = [], policy: AnswerPolicy = AnswerPolicy(), supplement: Supplement? = nil
    ) {
        self.init(zones: zones, policy: policy, cookieKey: .random(), supplement: supplement)
    }

    init(zones: [Zone], policy: AnswerPolicy, cookieKey: SipHash.Key, supplement: Supplement? = nil) {
        precondition(AnswerPolicy.payloads.contains(policy.largestPayload))
        self.policy = policy
        self.cookieKey = cookieKey
        self.supplement = supplement
        let writer = AnswerWriter(seed: .random(in: .min ... .max))
        slots = Atomic(writer.slots.address)
        self.writer = Mutex(writer)
        setZones(zones)
    }

    deinit {
        // No reader is left: each of them holds the table.
        writer.withLock { $0.deallocate() }
    }

    /// While this is so, a name that the registry's zones have not may be one that they have not yet: SERVFAIL then takes the
    /// place of NXDOMAIN, upon which many proxies would drop what they know.
    package var isAwaitingNames: Bool {
        get { awaitsNames.load(ordering: .relaxed) }
        set { awaitsNames.store(newValue, ordering: .relaxed) }
    }

    /// Publishes what there is at a name, if that is not done yet.
    package typealias Loader = @Sendable (DomainName) -> Void

    /// Names are going to be published that were there all along: until ``endLoading()`` whoever asks for one that is missing
    /// has it published first. What is still missing then is SERVFAIL, because it may be found by other means later.
    ///
    /// - Parameter publish: is called on any thread, with the plain spelling of a name in lower case.
    package func beginLoading(_ publish: @escaping Loader) {
        loader.withLock { $0 = publish }
        loads.store(true, ordering: .releasing)
    }

    /// All of them are published.
    package func endLoading() {
        loads.store(false, ordering: .releasing)
        loader.withLock { $0 = nil }
    }

    var isLoading: Bool { loads.load(ordering: .acquiring) }

    func load(_ name: DomainName) { loader.withLock(\.self)?(name) }

    /// Replaces the list of zones, and what they hold, as one change: every look-up sees all of it or nothing.
    ///
    /// Other changes wait meanwhile; look-ups do not.
    ///
    /// - Parameters:
    ///   - zones: Names that lie in none of them are removed; all others keep their records.
    ///   - removed: names that ``remove(_:)`` is to be done to.
    ///   - published: records to publish after that, each name once.
    package func setZones(
        _ zones: [Zone], removing removed: [DomainName] = [], publishing published: [OwnerRecords] = []
    ) {
        writer.withLock { writer in
            writer.setApart()
            for owner in removed { writer.remove(owner) }
            writer.setZones(ZoneList(zones))
            writer.publish(published)
            self.zones.withLock { known in
                known = zones
                slots.store(writer.slots.address, ordering: .releasing)
            }
            writer.reclaim(epochs)
        }
    }

    /// Replaces the SOA set of the zone whose apex owns it, as for a new serial. Nothing but the apex is touched.
    ///
    /// - Returns: false, and nothing is changed, if there is no such zone.
    @discardableResult
    package func setSOA(_ soa: RRSet) -> Bool { write { $0.setSOA(soa) } }

    /// Publishes everything that there is at one name, in place of what was there.
    ///
    /// - Returns: false, and nothing is changed, if the name lies in none of the zones.
    @discardableResult
    package func publish(_ records: OwnerRecords) -> Bool { write { $0.publish(records) } }

    /// Publishes many names, each of them once, using all processors. Each is visible when the call returns.
    package func publish(_ owners: [OwnerRecords]) { write { $0.publish(owners) } }

    /// Takes a name's records away; the name goes too unless it is an apex or others lie below it.
    package func remove(_ owner: DomainName) { write { $0.remove(owner) } }

    /// What is answered at `owner`, under any of its spellings; `nil` if the name does not exist. For diagnosis.
    package func records(at owner: DomainName) -> OwnerRecords? {
        let (records, protocolName) = writer.withLock { ($0.records(at: owner), $0.protocolName(of: owner)) }
        guard records?.unpublished.contains(.protocols) == true, let protocolName else { return records }
        return supplement?(protocolName, .any)?.records(at: protocolName)
    }

    /// Answers any message in whatever time it takes (microseconds): TCP, and all that the fast path leaves.
    ///
    /// - Returns: the reply, or `nil` for a message that must not be answered (a reply, or less than a header).
    package func answer(_ query: [UInt8], over transport: Transport) -> [UInt8]? {
        answer(query, Arrival(over: transport))
    }

    /// The same for a message of which more is known.
    package func answer(_ query: [UInt8], _ arrival: Arrival) -> [UInt8]? { outcome(of: query, arrival).ownReply }

    /// The same for a server that may ask others.
    package func outcome(of query: [UInt8], _ arrival: Arrival) -> AnswerOutcome {
        var reader = AnswerReader(self)
        return reader.look { reader in SignedAnswer.outcome(of: query, arrival, &reader) }
    }

    /// Lets one writer at a time work, shows its slots to the readers, then frees what no reader sees any more.
    private func write<Result>(_ body: (inout AnswerWriter) -> Result) -> Result {
        writer.withLock { writer in
            let result = body(&writer)
            slots.store(writer.slots.address, ordering: .releasing)
            writer.reclaim(epochs)
            return result
        }
    }
}

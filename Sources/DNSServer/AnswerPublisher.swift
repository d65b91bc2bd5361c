import DNS
import Logging
import Registry
import Synchronization
import ZoneFiles

/// Keeps the answer table equal to the catalog and the zone files.
///
/// The registry tells it of every change before it acknowledges it, so a write that succeeded is in DNS. Only of services
/// with very many instances are changes gathered for a while: making their answers takes time for each instance, and filling
/// such a service one by one would otherwise take the square of that. And all of a large catalog, at the start, is published
/// little by little, or as it is asked for.
final class AnswerPublisher: CatalogObserver {
    struct Published {
        /// The catalog's index at the last change that DNS shows.
        var index: UInt64 = 0
        var files: [ZoneFile] = []
        var first = FirstCatalog()
        var gathered = GatheredChanges()
        /// ``index`` as the serial shows it; `nil`: there is no serial yet.
        var shownIndex: UInt64?
        /// Where secondaries may have the zone.
        var spelledOut: SpelledOutZone?
        var statics = StaticRecords()
        /// What is shown has changed since ``index``, without the registry: it goes with the registry's next one. So does
        /// what is there at first, as a serial must not be smaller after a restart.
        var awaitsIndex = true
        /// To be logged.
        var notices: [StaticRecords.Notice] = []
    }

    /// What one answer over TCP has room for, about; a service with more is never seen whole by anybody.
    static let manyInstances = 1000
    /// A catalog with more is published little by little.
    static let manyServices = 500
    /// Less than anybody may remember an answer for.
    private static let pace = Duration.milliseconds(500)

    let table: AnswerTable
    let zone: RegistryZone
    let transfers: TransferZones?
    private let compiler: AnswerCompiler
    let supplement: CatalogSupplement
    private let manyInstances: Int
    let manyServices: Int
    private let logger: Logger
    let published: Mutex<Published>
    private let (gathering, hasGathered) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    /// Static records were changed, and the registry has to give the change an index, as no other number would outlive a
    /// restart. For one reader.
    let wantsIndex: AsyncStream<Void>
    private let needsIndex: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - transfers: is kept equal to what is published; `nil`: nobody may have the zones.
    ///   - manyInstances: services with more, before a change and after it, are published every now and then.
    ///   - manyServices: what a first catalog with more holds is published by ``run()``.
    init(
        _ zone: RegistryZone, policy: AnswerPolicy = AnswerPolicy(), transfers: TransferZones? = nil,
        manyInstances: Int = manyInstances, manyServices: Int = manyServices, logger: Logger
    ) {
        self.zone = zone
        self.logger = logger
        self.transfers = transfers
        self.manyInstances = manyInstances
        self.manyServices = manyServices
        compiler = AnswerCompiler(zone: zone)
        (wantsIndex, needsIndex) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let supplement = CatalogSupplement(zone)
        self.supplement = supplement
        table = AnswerTable(policy: policy) { supplement.answer(at: $0, $1) }
        published = Mutex(
            Published(spelledOut: transfers.map { _ in SpelledOutZone(zone) { supplement.records(at: $0) } }))
        published.withLock { published in
            table.setZones(zones(published))
            publish(zone.furniture.map { .publish($0) }, &published)
            publishSerial(&published)
        }
    }

    /// Publishes the first catalog, then what was gathered, at its pace, until the task is cancelled.
    func run() async {
        while !Task.isCancelled, publishNext() { await Task.yield() }
        var pause = Self.pace
        for await _ in gathering {
            do { try await Task.sleep(for: pause) } catch { return }
            let cost = ContinuousClock().measure { publishGathered() }
            // However large a service is, publishing it takes a fifth of the time at most.
            pause = max(Self.pace, cost * 4)
        }
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        let told = published.withLock { published in
            let delta = published.first.sift(delta, to: new)
            let due = published.gathered.sift(delta, from: old, to: new, limit: manyInstances)
            // First, as what is told to secondaries is in part worked out.
            supplement.update(from: old, to: new, delta)
            for change in due { publish(from: change.base, to: new, change.delta, &published) }
            settle(delta.services, &published)
            takeIndex(of: new, &published)
            publishSerial(&published)
            if !published.gathered.isEmpty { hasGathered.yield() }
            return delta
        }
        tell(of: told, from: old, to: new)
    }

    // MARK: - Telling

    func tell(of delta: CatalogDelta, from old: CatalogSnapshot, to new: CatalogSnapshot) {
        tellNotices()
        for complaint in BindingComplaints.of(delta, from: old, to: new) { tell(complaint) }
    }

    private func tell(_ complaint: BindingComplaints.Complaint) {
        logger.warning(
            "an instance's meta makes no SVCB or HTTPS record",
            metadata: [
                "service": "\(complaint.service.text)", "node": "\(complaint.instance.node.text)",
                "instance": "\(complaint.instance.id)", "reason": "\(complaint.error)",
            ])
    }

    // MARK: - Changes

    /// Publishes what was gathered, now.
    func publishGathered() {
        published.withLock { published in
            let (changes, latest) = published.gathered.takeAll()
            for change in changes { publish(from: change.base, to: latest, change.delta, &published) }
            publishSerial(&published)
        }
        tellNotices()
    }

    /// Puts the zones of `files`, none of which is the registry's, and the records that others add to the registry's, in
    /// place of those that were published before: all at once for whoever asks, and zone by zone for secondaries.
    ///
    /// - Returns: the zones that changed under a serial that is not greater, so that no secondary will notice.
    @discardableResult
    func replaceZoneFiles(_ files: [ZoneFile], _ additions: [DomainRecords] = []) -> [DomainName] {
        defer { tellNotices() }
        return published.withLock { published in
            let before = owners(in: published.files)
            let (changed, unnoticed) = transfers?.replace(published.files, with: files) ?? ([], [])
            published.files = files
            supplement.setZones(files.map(\.zone.apex))
            let additions = published.statics.replace(with: additions, zone, isRegistered: isRegistered)
            var (removed, added) = Self.difference(from: before, to: owners(in: files))
            removed += additions.removed
            added += additions.published
            table.setZones(zones(published), removing: removed, publishing: added)
            follow(additions, &published)
            if !additions.isEmpty { needsIndex.yield() }
            // Who is told comes and asks: by now all there is to be asked is the same.
            transfers?.announce(changed)
            return unnoticed
        }
    }

    private static func difference(
        from old: [OwnerRecords], to new: [OwnerRecords]
    ) -> (removed: [DomainName], added: [OwnerRecords]) {
        var gone = Dictionary(old.map { ($0.owner, $0) }) { _, last in last }
        let added = new.filter { gone.removeValue(forKey: $0.owner) != $0 }
        return (gone.keys.map(\.self), added)
    }

    /// Whether the registry has a name that nobody else has, published or worked out.
    private func isRegistered(_ name: DomainName) -> Bool {
        let records = table.records(at: name) ?? OwnerRecords(owner: name)
        return !records.sets.isEmpty || records.note != nil || isWorkedOut(name)
    }

    private func isWorkedOut(_ name: DomainName) -> Bool {
        let records = supplement.records(at: name)
        return records.map { !$0.sets.isEmpty || $0.note != nil } ?? false
    }

    /// Looks whose the static names below these services are.
    func settle(_ services: Set<ServiceName>, _ published: inout Published) {
        for owner in published.statics.isEmpty ? [] : services.compactMap(zone.owner(of:)) {
            take(published.statics.settle(below: owner, isRegistered: isWorkedOut), &published)
        }
    }

    private func take(_ changes: StaticRecords.Changes, _ published: inout Published) {
        for records in changes.published { table.publish(records) }
        for name in changes.removed { table.remove(name) }
        follow(changes, &published)
    }

    /// Does for secondaries and for the log what is done to the table.
    private func follow(_ changes: StaticRecords.Changes, _ published: inout Published) {
        for records in changes.published { published.spelledOut?.apply(.publish(records)) }
        for name in changes.removed { published.spelledOut?.apply(.remove(name)) }
        published.notices += changes.notices
        published.awaitsIndex = published.awaitsIndex || !changes.isEmpty
    }

    /// Gives what changed beside the catalog the index that the catalog has now.
    private func takeIndex(of snapshot: CatalogSnapshot, _ published: inout Published) {
        guard published.awaitsIndex, snapshot.index > published.index else { return }
        published.index = snapshot.index
        published.awaitsIndex = false
    }

    private func tellNotices() {
        let notices = published.withLock { published in
            defer { published.notices = [] }
            return published.notices
        }
        for notice in notices { notice.tell(logger) }
    }

    func publish(
        from old: CatalogSnapshot, to new: CatalogSnapshot, _ delta: CatalogDelta, _ published: inout Published
    ) {
        var isChanged = false
        compiler.publish(from: old, to: new, delta: delta) { publications in
            publish(publications, &published)
            isChanged = isChanged || !publications.isEmpty
        }
        // Most results of health checks change nothing here.
        guard isChanged else { return }
        published.index = max(published.index, new.index)
    }

    /// Shows that the zone is another one now. One serial must always mean the same records, so it has to wait for changes
    /// that are kept back: what is published without them is no state of the catalog.
    func publishSerial(_ published: inout Published) {
        guard published.first.isEmpty, published.gathered.isEmpty, published.index != published.shownIndex else {
            return
        }
        published.shownIndex = published.index
        let soa = zone.soa(at: published.index)
        // Whoever learns of the serial may have its zone.
        if let (removed, added) = published.spelledOut?.takeChanges(), let sets = published.spelledOut?.sets {
            transfers?.publish(ZoneVersion(soa: soa, sets: sets), removed: removed, added: added)
        }
        table.setSOA(soa)
        transfers?.announce([soa])
    }

    /// Where static records have the name, they go as the registry's come, and come back as those go.
    private func publish(_ publications: [AnswerCompiler.Publication], _ published: inout Published) {
        table.publish(publications.compactMap(\.records))
        for publication in publications {
            switch publication {
            case .publish(let records):
                published.spelledOut?.apply(publication)
                if let notice = published.statics.displace(records.owner) { published.notices.append(notice) }
            case .remove(let owner):
                guard let (records, notice) = published.statics.restore(owner) else {
                    show(publication, &published)
                    continue
                }
                show(.publish(records), &published)
                if let notice { published.notices.append(notice) }
            }
        }
    }

    /// To whoever asks for the name, and to secondaries.
    private func show(_ publication: AnswerCompiler.Publication, _ published: inout Published) {
        switch publication {
        case .publish(let records): table.publish(records)
        case .remove(let owner): table.remove(owner)
        }
        published.spelledOut?.apply(publication)
    }

    private func zones(_ published: Published) -> [Zone] {
        [zone.zone(at: published.shownIndex ?? published.index)] + published.files.map(\.zone)
    }

    /// What the files publish. Where one zone lies inside another, the names are the inner one's (RFC 1034 4.2), but for the
    /// DS records at its apex, which are the outer one's (RFC 4035 2.4).
    private func owners(in files: [ZoneFile]) -> [OwnerRecords] {
        let apexes = files.map(\.zone.apex) + [zone.agent.domain]
        return files.flatMap { file in
            let inner = apexes.filter { $0 != file.zone.apex && $0.isSubdomain(of: file.zone.apex) }
            return file.owners.filter { records in !inner.contains { records.owner.isSubdomain(of: $0) } }
                .map { $0.owner == file.zone.apex ? Self.delegated($0, by: files) : $0 }
        }
    }

    /// An apex with the DS records of the file with the nearest zone around it.
    private static func delegated(_ apex: OwnerRecords, by files: [ZoneFile]) -> OwnerRecords {
        let outer = files.filter { apex.owner != $0.zone.apex && apex.owner.isSubdomain(of: $0.zone.apex) }
            .max { $0.zone.apex.wire.count < $1.zone.apex.wire.count }
        let cut = outer?.owners.first { $0.owner == apex.owner }
        var apex = apex
        apex.sets.removeAll { $0.type == .ds }
        apex.sets += cut?.sets.filter { $0.type == .ds } ?? []
        return apex
    }
}

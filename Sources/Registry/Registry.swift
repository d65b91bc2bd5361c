import HashTreeCollections
package import Logging
import ServiceLifecycle
import Synchronization
import Telemetry

/// The only writer of the catalog.
///
/// Submissions wait in a queue. The writer takes those that wait as one batch, lets each decide on its changes and applies
/// them to a copy of the catalog, appends what changed to the journal in one durable transaction, publishes the snapshot,
/// tells the observers, and only then acknowledges. If the journal refuses, the copy is dropped and nothing has happened.
package final class Registry: Service {
    let journal: any Journal
    let logger: Logger
    let queue = SubmissionQueue(limit: 10_000, batchLimit: 1000)
    private let writerThread = WriterThread()
    private let published: Mutex<CatalogState>
    /// Held while observers are told, so that one who joins misses no change and hears none twice.
    private let observers: Mutex<[(observer: any CatalogObserver, scope: ObservedScope)]>
    let sessionTimers: SessionTimers
    /// Entries of other writers, to be applied before the next batch.
    private let arrived = Mutex<[JournalEntry]>([])
    private let storageFails = Atomic(false)
    let commits = CommitFigures()
    let census = CheckCensus()
    let compaction: Compaction
    /// The reports on checks of this node.
    package let heartbeats = Heartbeats()

    /// Takes over what the journal held. Changes may be submitted from now on, before ``run()`` as well.
    package init(journal: any Journal, logger: Logger) {
        let recovery = journal.takeRecovery()
        let snapshot = recovery.state.snapshot
        self.journal = journal
        self.logger = logger
        published = Mutex(recovery.state)
        sessionTimers = SessionTimers(snapshot)
        observers = Mutex([(sessionTimers, .everything)])
        compaction = Compaction(entryCount: recovery.entryCount)
        for remark in recovery.remarks { logger.warning("journal recovered", metadata: ["remark": "\(remark)"]) }
        logger.debug(
            "catalog restored",
            metadata: [
                "index": "\(snapshot.index)", "nodes": "\(snapshot.nodeCount)", "services": "\(snapshot.serviceCount)",
                "entries": "\(recovery.entryCount)",
            ])
    }

    /// The catalog as of the last acknowledged change. Never waits for storage.
    package var snapshot: CatalogSnapshot { published.withLock { $0.snapshot } }

    /// Reads the catalog without holding on to it. Everybody's changes and reads wait meanwhile.
    package func withSnapshot<Result>(_ read: (CatalogSnapshot) -> Result) -> Result {
        published.withLock { read($0.snapshot) }
    }

    /// Adds a reader and at once tells it of what is there.
    package func observe(_ observer: some CatalogObserver, of scope: ObservedScope = .catalog) {
        observers.withLock { observers in
            observer.observationDidBegin(with: snapshot)
            observers.append((observer, scope))
        }
    }

    /// Makes changes durable and visible: all of them, or none. Cancelling the caller's task does not take them back.
    ///
    /// - Returns: the catalog's index after them.
    /// - Throws: ``RegistryError``. After ``RegistryError/storage(_:)`` nothing was changed and the call may be repeated.
    @discardableResult
    package func submit(_ changes: [CatalogChange]) async throws(RegistryError) -> UInt64 {
        try await submit { _ in changes }
    }

    /// Makes changes durable and visible that depend on what the catalog says: nobody else's change comes between the
    /// decision and its effect.
    ///
    /// - Parameter decide: which changes to make to the catalog as it is. Quick and without effects of its own, because
    ///   everybody's changes wait for it and because it is asked again if another writer of the journal was faster.
    /// - Returns: the catalog's index after them.
    /// - Throws: ``RegistryError``. After ``RegistryError/storage(_:)`` nothing was changed and the call may be repeated.
    @discardableResult
    package func submit(_ decide: @escaping CatalogDecision) async throws(RegistryError) -> UInt64 {
        let answer = await queue.add(decide) {
            Task(executorPreference: writerThread) { await self.writeWhatWaits() }
        }
        return try answer.get()
    }

    /// Refuses further changes, ends those under way and closes the journal.
    func stop() async {
        await queue.close()
        do {
            try await journal.close()
        } catch {
            logger.warning("journal not closed; nothing is lost", metadata: ["error": "\(error)"])
        }
    }

    // MARK: The writer

    private func writeWhatWaits() async {
        while case let batch = queue.takeBatch(), !batch.isEmpty {
            let answers = await write(batch.map(\.decide))
            for (submission, answer) in zip(batch, answers) { submission.answer(answer) }
        }
    }

    private func write(_ decisions: [CatalogDecision]) async -> [SubmissionQueue.Answer] {
        do {
            try takeOverArrived()
            while true {
                let old = published.withLock { $0 }
                let batch = CatalogBatch(decisions, appliedTo: old)
                guard !batch.entries.isEmpty else { return batch.answers }
                switch try await commits.durations.time({ try await journal.append(batch.entries) }) {
                case .durable:
                    publish(batch.state, after: old, batch.delta)
                    compaction.note(entries: batch.weight, objects: batch.state.snapshot.objectCount)
                    noteStorage(failure: nil)
                    return batch.answers
                case .overtaken(let entries):
                    try apply(entries)
                }
            }
        } catch {
            noteStorage(failure: error)
            return decisions.map { _ in .failure(.storage("\(error)")) }
        }
    }

    /// Logs the first failure and the recovery, not every refused batch between.
    private func noteStorage(failure: (any Error)?) {
        let failed = storageFails.exchange(failure != nil, ordering: .relaxed)
        if failure != nil { commits.failures.add(1, ordering: .relaxed) }
        if let failure, !failed {
            logger.error("changes are refused: they cannot be stored", metadata: ["error": "\(failure)"])
        } else if failure == nil, failed {
            logger.notice("changes are stored again")
        }
    }

    /// Applies what another writer appended. Waits for its turn, as everyone does who writes.
    func takeOver(arrived entries: [JournalEntry]) async {
        arrived.withLock { $0 += entries }
        do {
            try await submit([])
        } catch {
            // Stopped, or overloaded: the next batch takes them over.
        }
    }

    /// Applies them before they are forgotten: without them the catalog would no longer be the journal's.
    private func takeOverArrived() throws(CatalogError) {
        let entries = arrived.withLock { $0 }
        guard !entries.isEmpty else { return }
        try apply(entries)
        arrived.withLock { $0.removeFirst(entries.count) }
    }

    private func apply(_ entries: [JournalEntry]) throws(CatalogError) {
        let old = published.withLock { $0 }
        var new = old
        var delta = CatalogDelta(index: old.snapshot.index)
        for entry in entries where entry.position > new.snapshot.index { delta.merge(try new.replay(entry)) }
        publish(new, after: old, delta)
    }

    private func publish(_ new: CatalogState, after old: CatalogState, _ delta: CatalogDelta) {
        observers.withLock { observers in
            published.withLock { $0 = new }
            guard !delta.isEmpty else { return }
            let catalogDelta = delta.ofCatalog
            for (observer, scope) in observers {
                let heard = scope == .everything ? delta : catalogDelta
                guard !heard.isEmpty else { continue }
                observer.catalogDidChange(from: old.snapshot, to: new.snapshot, delta: heard)
            }
        }
    }
}

/// Which changes to make, given the catalog as it is; or why none.
package typealias CatalogDecision = @Sendable (CatalogSnapshot) throws(CatalogError) -> [CatalogChange]

/// Why a submission was not taken. Nothing of it was applied.
package enum RegistryError: Error, Equatable, Sendable {
    /// A change makes no sense for the catalog as it is.
    case refused(CatalogError)
    /// The journal could not make the changes durable: disk full, I/O error. A sentence that names the file.
    case storage(String)
    /// Too many submissions wait already.
    case overloaded
    /// The registry has shut down.
    case stopped
}

extension RegistryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let error): error.description
        case .storage(let reason): "the change could not be stored: \(reason)"
        case .overloaded: "too many changes are waiting to be stored; try again in a moment"
        case .stopped: "the registry is shutting down"
        }
    }
}

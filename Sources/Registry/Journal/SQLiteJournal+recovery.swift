import Dispatch
import Foundation
import GRDB
import Synchronization

extension SQLiteJournal {
    /// The newest snapshot and the entries after it. Rows are read and decoded on this thread while those before them are
    /// added to the catalog on another.
    static func recover(from db: Database, path: String) throws -> Recovery {
        let replay = Replay()
        do {
            let snapshot = try StoredSnapshot.read(db)
            if let snapshot { try readRecords(of: snapshot, from: db, path: path, into: replay) }
            try readEntries(from: db, after: snapshot?.position ?? 0, path: path, into: replay)
        } catch {
            // What was read before may have been wrong, too, and is told first.
            replay.add { _ in throw error }
        }
        return try replay.finish()
    }

    private static func readRecords(
        of snapshot: StoredSnapshot, from db: Database, path: String, into replay: Replay
    ) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT key, octets FROM record WHERE key >= ? AND key < ? ORDER BY key",
            arguments: [snapshot.keys.lowerBound, snapshot.keys.upperBound])
        let count = try read(CatalogRecord.self, from: rows, into: replay) { _, record, recovery in
            do {
                try recovery.restore(try record.get())
            } catch {
                throw unreadable(path, at: snapshot.position, error)
            }
        }
        replay.add { recovery in
            guard count == snapshot.recordCount, recovery.state.snapshot.index == UInt64(bitPattern: snapshot.position)
            else {
                throw JournalError.damaged(
                    path: path, reason: "of \(snapshot.recordCount) records of the snapshot \(count) are there")
            }
        }
    }

    private static func readEntries(
        from db: Database, after position: Int64, path: String, into replay: Replay
    ) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT position, change FROM entry WHERE position > ? ORDER BY position", arguments: [position])
        _ = try read(CatalogChange.self, from: rows, into: replay) { position, change, recovery in
            let expected = recovery.state.snapshot.index + 1
            guard position == Int64(bitPattern: expected) else {
                throw JournalError.damaged(
                    path: path, reason: "after position \(expected - 1) comes \(position), not \(expected)")
            }
            do {
                try recovery.replay(JournalEntry(position: UInt64(bitPattern: position), change: try change.get()))
            } catch {
                throw unreadable(path, at: position, error)
            }
        }
    }

    /// Rows that are decoded before they are handed over.
    private static let portion = 1000

    /// Reads rows of a key and octets.
    ///
    /// - Returns: how many there are.
    private static func read<Value: OctetRepresentable & Sendable>(
        _ type: Value.Type, from rows: RowCursor, into replay: Replay,
        add: @escaping @Sendable (Int64, Result<Value, FormatError>, inout Recovery) throws -> Void
    ) throws -> Int64 {
        var count: Int64 = 0
        var isAtEnd = false
        while !isAtEnd {
            var portion: [(key: Int64, value: Result<Value, FormatError>)] = []
            portion.reserveCapacity(Self.portion)
            while portion.count < Self.portion {
                guard let row = try rows.next() else {
                    isAtEnd = true
                    break
                }
                let octets = try row.withUnsafeData(atIndex: 1) { [UInt8]($0 ?? Data()) }
                portion.append(
                    (row[0], Result { () throws(FormatError) in try JournalFormat.decode(Value.self, from: octets) }))
            }
            count += Int64(portion.count)
            let rows = portion
            replay.add { recovery in for row in rows { try add(row.key, row.value, &recovery) } }
        }
        return count
    }

    private static func unreadable(_ path: String, at position: Int64, _ error: any Error) -> any Error {
        switch error {
        case FormatError.unknownVersion(let version): JournalError.unknownVersion(path: path, version: Int(version))
        case is FormatError, is CatalogError:
            JournalError.unreadable(path: path, position: UInt64(bitPattern: position), reason: "\(error)")
        default: error
        }
    }
}

/// A recovery that steps are added to in order, done on another thread while the caller prepares the next.
private final class Replay: Sendable {
    typealias Step = @Sendable (inout Recovery) throws -> Void

    private struct State {
        var recovery = Recovery()
        var failure: (any Error)?
    }

    /// Steps that may be under way: enough for neither thread to wait for the other where one is held up.
    private static let depth = 8

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: depth)
    private let queue = DispatchQueue(label: "journal replay")
    private let underWay = DispatchGroup()
    /// The newest steps, with all they hold: freed by the caller's thread when they are done, as the other has more to do.
    private let held = Mutex<[Step]>([])

    /// Waits while many steps are under way. After one that failed, no other is done.
    func add(_ step: @escaping Step) {
        room.wait()
        queue.async(group: underWay) { [self] in
            defer { room.signal() }
            state.withLock { state in
                guard state.failure == nil else { return }
                do {
                    try step(&state.recovery)
                } catch {
                    state.failure = error
                }
            }
        }
        held.withLock { held in
            held.append(step)
            if held.count > Self.depth { held.removeFirst() }
        }
    }

    func finish() throws -> Recovery {
        underWay.wait()
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.recovery
        }
    }
}

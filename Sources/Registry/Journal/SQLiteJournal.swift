import Dispatch
import Foundation
import GRDB
import Synchronization

/// A journal in one SQLite file, written ahead and synchronized for every batch: what `append` returned for survives a
/// power loss.
///
/// Three tables:
///
///     entry     the log: position, change
///     record    pieces of snapshots: key (the snapshot's generation << 32 | number of the piece), octets
///     snapshot  one row: the generation that is whole, the position it reaches, how many pieces it has
///
/// Rows of another generation, and entries that the snapshot covers, are what an interrupted ``store(_:)`` left.
package final class SQLiteJournal: Journal {
    let path: String
    private let directory: DataDirectory
    private let database: DatabaseQueue
    private let recovery: Mutex<Recovery?>

    /// Opens the journal in a directory, which is made where it is missing, and reads it back.
    ///
    /// - Throws: ``JournalError`` if the directory is in use or cannot be used, or if the file cannot be read; it then
    ///   holds what it held.
    package init(directory: String) throws(JournalError) {
        let directory = try DataDirectory(directory)
        let path = directory.file(Self.fileName)
        do {
            let tail = try WriteAheadLog.checkTail(of: path)
            let database = try Self.open(in: directory)
            var recovery = try database.inDatabase { db in try Self.recover(from: db, path: path) }
            if let tail { recovery.remarks.append(tail) }
            self.recovery = Mutex(recovery)
            self.database = database
            self.directory = directory
            self.path = path
        } catch {
            throw JournalError(error, path: path, directory: directory.path)
        }
    }

    package func takeRecovery() -> Recovery {
        guard let recovery = recovery.withLock({ $0.take() }) else {
            preconditionFailure("a journal is recovered once")
        }
        return recovery
    }

    /// Blocks the calling thread until the disk has the entries: a hand-over to another thread and back would cost as
    /// much as the commit.
    package func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome {
        do {
            try database.inDatabase { db in
                try db.inTransaction(.immediate) {
                    try Self.insert(entries, into: db)
                    return .commit
                }
            }
        } catch {
            throw JournalError(error, path: path, directory: directory.path)
        }
        return .durable
    }

    private static func insert(_ entries: [JournalEntry], into db: Database) throws {
        let insert = try db.cachedStatement(sql: "INSERT INTO entry (position, change) VALUES (?, ?)")
        for entry in entries {
            let change = Data(JournalFormat.encode(entry.change))
            try insert.execute(arguments: [Int64(bitPattern: entry.position), change])
        }
    }

    package var arrivals: AsyncStream<[JournalEntry]> { AsyncStream { $0.finish() } }

    package func close() async throws(JournalError) {
        defer { directory.release() }
        // Closing empties the write-ahead log into the file: not for the caller's thread either.
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [database] in
                continuation.resume(returning: Result { try database.close() })
            }
        }
        if case .failure(let error) = result { throw JournalError(error, path: path, directory: directory.path) }
    }

    func inTransaction(_ work: @escaping @Sendable (Database) throws -> Void) async throws(JournalError) {
        try await onQueue { db in
            try db.inTransaction(.immediate) {
                try work(db)
                return .commit
            }
        }
    }

    /// Runs `work` on SQLite's queue while the caller's thread is free. Cancellation does not interrupt it: a commit is
    /// done or not, and the caller must know which.
    func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try work(db) })
            }
        }
        do {
            return try result.get()
        } catch {
            throw JournalError(error, path: path, directory: directory.path)
        }
    }
}

extension JournalError {
    /// What an error from SQLite means to whoever runs Berth.
    fileprivate init(_ error: any Error, path: String, directory: String) {
        if let error = error as? JournalError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(directory: directory)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_MISMATCH: self = .damaged(path: path, reason: reason)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .inaccessible(path: path, reason: reason)
        default: self = .failed(path: path, reason: "\(reason), SQLite code \(error.extendedResultCode.rawValue)")
        }
    }
}

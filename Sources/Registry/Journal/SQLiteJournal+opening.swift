import Foundation
import GRDB

extension SQLiteJournal {
    static let fileName = "journal.sqlite"
    private static let newFileName = "journal.sqlite.new"
    private static let schemaVersion = 1

    static func open(in directory: DataDirectory) throws -> DatabaseQueue {
        try createIfMissing(in: directory)
        let path = directory.file(fileName)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        let version = try database.inDatabase { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        guard version > 0 else { throw JournalError.damaged(path: path, reason: "it is empty or not a journal") }
        guard version <= schemaVersion else { throw JournalError.unknownVersion(path: path, version: version) }
        return database
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.prepareDatabase { db in
            // Exclusive: nobody else may look at the file, so SQLite needs no shared memory beside it.
            try db.execute(
                sql: """
                    PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -2048;
                    PRAGMA journal_size_limit = 8388608;
                    PRAGMA cell_size_check = ON;
                    """)
        }
        return configuration
    }

    /// A new file gets its name when it is whole: an empty one under that name is never new, but damaged.
    private static func createIfMissing(in directory: DataDirectory) throws {
        guard !directory.contains(fileName) else { return }
        guard !directory.contains("\(fileName)-wal") else {
            throw JournalError.damaged(
                path: directory.file(fileName), reason: "it is missing, and only \(fileName)-wal is there")
        }
        for name in [newFileName, "\(newFileName)-wal"] { try directory.remove(name) }
        let database = try DatabaseQueue(path: directory.file(newFileName), configuration: configuration)
        try database.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE entry (position INTEGER PRIMARY KEY, change BLOB NOT NULL);
                    CREATE TABLE record (key INTEGER PRIMARY KEY, octets BLOB NOT NULL);
                    CREATE TABLE snapshot (
                        id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL, position INTEGER NOT NULL,
                        records INTEGER NOT NULL);
                    PRAGMA user_version = \(schemaVersion);
                    """)
        }
        try database.close()
        try directory.move(newFileName, to: fileName)
    }

    // MARK: Reading back

    /// The newest snapshot and the entries after it, row by row.
    static func recover(from db: Database, path: String) throws -> Recovery {
        var recovery = Recovery()
        if let snapshot = try StoredSnapshot.read(db) {
            try readRecords(of: snapshot, from: db, path: path, into: &recovery)
        }
        try readEntries(from: db, path: path, into: &recovery)
        return recovery
    }

    private static func readRecords(
        of snapshot: StoredSnapshot, from db: Database, path: String, into recovery: inout Recovery
    ) throws {
        var count: Int64 = 0
        let rows = try Row.fetchCursor(
            db, sql: "SELECT octets FROM record WHERE key >= ? AND key < ? ORDER BY key",
            arguments: [snapshot.keys.lowerBound, snapshot.keys.upperBound])
        while let row = try rows.next() {
            do {
                let octets = try row.withUnsafeData(atIndex: 0) { [UInt8]($0 ?? Data()) }
                try recovery.restore(try JournalFormat.decode(from: octets))
            } catch {
                throw unreadable(path, at: snapshot.position, error)
            }
            count += 1
        }
        guard count == snapshot.recordCount, recovery.state.snapshot.index == UInt64(bitPattern: snapshot.position)
        else {
            throw JournalError.damaged(
                path: path, reason: "of \(snapshot.recordCount) records of the snapshot \(count) are there")
        }
    }

    private static func readEntries(from db: Database, path: String, into recovery: inout Recovery) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT position, change FROM entry WHERE position > ? ORDER BY position",
            arguments: [Int64(bitPattern: recovery.state.snapshot.index)])
        while let row = try rows.next() {
            let position: Int64 = row[0]
            let expected = recovery.state.snapshot.index + 1
            guard position == Int64(bitPattern: expected) else {
                throw JournalError.damaged(
                    path: path, reason: "after position \(expected - 1) comes \(position), not \(expected)")
            }
            do {
                let octets = try row.withUnsafeData(atIndex: 1) { [UInt8]($0 ?? Data()) }
                try recovery.replay(
                    JournalEntry(position: UInt64(bitPattern: position), change: try JournalFormat.decode(from: octets))
                )
            } catch {
                throw unreadable(path, at: position, error)
            }
        }
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

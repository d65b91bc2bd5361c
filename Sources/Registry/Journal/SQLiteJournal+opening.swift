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
}

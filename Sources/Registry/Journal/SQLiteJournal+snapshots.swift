import Foundation
import GRDB

/// The row that says which snapshot is whole.
struct StoredSnapshot {
    var generation: Int64
    var position: Int64
    var recordCount: Int64

    static func read(_ db: Database) throws -> StoredSnapshot? {
        guard let row = try Row.fetchOne(db, sql: "SELECT generation, position, records FROM snapshot") else {
            return nil
        }
        return StoredSnapshot(generation: row[0], position: row[1], recordCount: row[2])
    }

    var keys: Range<Int64> { Self.keys(of: generation) }

    static func keys(of generation: Int64) -> Range<Int64> { generation << 32..<(generation + 1) << 32 }
}

extension SQLiteJournal {
    /// How many rows are written or removed in one transaction: what an append may have to wait for.
    private static let rowsAtATime = 500

    package func store(_ snapshot: CatalogSnapshot) async throws(JournalError) {
        let old = try await onQueue { db in try StoredSnapshot.read(db)?.generation ?? 0 }
        let keys = StoredSnapshot.keys(of: old + 1)
        try await remove(from: "record", keys.lowerBound..<Int64.max)

        var count: Int64 = 0
        var rows: [Data] = []
        var records = snapshot.records.makeIterator()
        repeat {
            guard !Task.isCancelled else { return }
            rows.removeAll(keepingCapacity: true)
            while rows.count < Self.rowsAtATime, let record = records.next() {
                rows.append(Data(JournalFormat.encode(record)))
            }
            try await write(rows, from: keys.lowerBound + count)
            count += Int64(rows.count)
        } while rows.count == Self.rowsAtATime

        // The one step that makes the new snapshot count.
        let new = StoredSnapshot(
            generation: old + 1, position: Int64(bitPattern: snapshot.index), recordCount: count)
        try await inTransaction { db in
            try db.execute(
                sql: "REPLACE INTO snapshot (id, generation, position, records) VALUES (1, ?, ?, ?)",
                arguments: [new.generation, new.position, new.recordCount])
        }
        try await remove(from: "entry", 0..<new.position + 1)
        try await remove(from: "record", 0..<keys.lowerBound)
    }

    private func write(_ rows: [Data], from key: Int64) async throws(JournalError) {
        try await inTransaction { db in
            let insert = try db.cachedStatement(sql: "INSERT INTO record (key, octets) VALUES (?, ?)")
            for (offset, octets) in rows.enumerated() { try insert.execute(arguments: [key + Int64(offset), octets]) }
        }
    }

    private func remove(from table: String, _ rows: Range<Int64>) async throws(JournalError) {
        let sql = """
            DELETE FROM \(table) WHERE rowid IN
                (SELECT rowid FROM \(table) WHERE rowid >= ? AND rowid < ? LIMIT \(Self.rowsAtATime))
            """
        var removed = Self.rowsAtATime
        while removed == Self.rowsAtATime, !Task.isCancelled {
            removed = try await onQueue { db in
                try db.execute(sql: sql, arguments: [rows.lowerBound, rows.upperBound])
                return db.changesCount
            }
        }
    }
}

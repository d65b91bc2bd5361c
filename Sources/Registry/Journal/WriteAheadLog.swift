import Foundation

/// What lies behind the last whole transaction in SQLite's write-ahead log: SQLite passes over it in silence, and the
/// person who runs Berth should know of it.
///
///     header (32 octets)            frame: header (24 octets), page
///     magic, version, page size,    page number, size after commit (0: no commit), salt (8), checksum (8)
///     sequence, salt (8),
///     checksum (8)
///
/// A frame counts if its salt is the header's and its checksum continues the chain; what bears an older salt is left
/// from before the log was last begun anew.
///
/// - SeeAlso: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
enum WriteAheadLog {
    /// Looks at the log of the database at `path`, before SQLite opens it.
    ///
    /// - Returns: a sentence about a last write that SQLite will drop; `nil` if there is none.
    /// - Throws: ``JournalError/damaged(path:reason:)`` if more than one batch would be dropped: only the last can be
    ///   unfinished, for each is synchronized before the next begins.
    static func checkTail(of path: String) throws(JournalError) -> String? {
        let path = "\(path)-wal"
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        let tail: Tail
        do {
            tail = try readTail(of: file)
            try file.close()
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
        guard tail.commits <= 1 else {
            throw .damaged(path: path, reason: "\(tail.commits) batches at its end cannot be read")
        }
        return tail.octets > 0
            ? "the last write in \(path) was not finished and is dropped: \(tail.octets) octets" : nil
    }

    /// What follows the last transaction that SQLite will accept.
    private struct Tail {
        var octets = 0
        /// How many of its frames end a transaction.
        var commits = 0
    }

    private static func readTail(of file: FileHandle) throws -> Tail {
        func read(_ count: Int) throws -> [UInt8]? {
            guard let data = try file.read(upToCount: count), data.count == count else { return nil }
            return [UInt8](data)
        }
        var tail = Tail()
        guard let header = try read(32) else { return tail }
        let pageSize = Int(word(header, 8))
        guard word(header, 0) | 1 == 0x377f_0683, (512...65536).contains(pageSize) else { return tail }
        var checksum = Checksum(isBigEndian: word(header, 0) & 1 == 1)
        checksum.add(header[..<24])
        var isWhole = checksum.matches(header[24...])
        while let frame = try read(24 + pageSize), frame[8..<16] == header[16..<24] {
            if isWhole {
                checksum.add(frame[..<8])
                checksum.add(frame[24...])
                isWhole = checksum.matches(frame[16..<24])
            }
            let endsTransaction = word(frame, 4) != 0
            if isWhole, endsTransaction {
                tail.octets = 0
            } else {
                tail.octets += frame.count
                if endsTransaction { tail.commits += 1 }
            }
        }
        return tail
    }

    private static func word(_ octets: [UInt8], _ offset: Int) -> UInt32 {
        octets[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Two running sums over pairs of 32-bit words, carried from frame to frame.
    private struct Checksum {
        let isBigEndian: Bool
        private var sums: (UInt32, UInt32) = (0, 0)

        init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

        mutating func add(_ octets: ArraySlice<UInt8>) {
            var position = octets.startIndex
            while position < octets.endIndex {
                sums.0 &+= word(octets, position) &+ sums.1
                sums.1 &+= word(octets, position + 4) &+ sums.0
                position += 8
            }
        }

        func matches(_ octets: ArraySlice<UInt8>) -> Bool {
            let stored = octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return stored == UInt64(sums.0) << 32 | UInt64(sums.1)
        }

        private func word(_ octets: ArraySlice<UInt8>, _ start: Int) -> UInt32 {
            let (a, b, c, d) = (octets[start], octets[start + 1], octets[start + 2], octets[start + 3])
            return isBigEndian
                ? UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
                : UInt32(d) << 24 | UInt32(c) << 16 | UInt32(b) << 8 | UInt32(a)
        }
    }
}

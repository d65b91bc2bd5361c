import Crypto
package import Registry

/// Reads an archive that ``SnapshotWriter`` has made, piece by piece as it comes, and holds nothing but the catalog that it
/// grows into. Only of a whole one, in which every checksum is right, is there a catalog in the end.
package final class SnapshotReader {
    package struct Contents: Sendable {
        package var meta: SnapshotMeta
        package var snapshot: CatalogSnapshot
    }

    private enum Place {
        case header
        case contents(SnapshotFile, left: Int)
        case padding(left: Int)
        /// The zeros at the end.
        case end
    }

    private let gzip = GzipStream(.decompress)
    private let limit: Int
    private var total = 0
    private var place = Place.header
    private var files = SnapshotFile.allCases[...]
    /// Of the header or of a small file, what has come of it.
    private var gathered: [UInt8] = []
    private var meta: SnapshotMeta?
    private var records = RecordReader()
    private var hash = SHA256()
    private var sums: [SnapshotFile: String] = [:]

    private static let longestText = 64 << 10
    /// Of zeros; tar fills its last block up.
    private static let longestEnd = 1 << 20

    /// - Parameter limit: how many octets of records there may be.
    package init(limit: Int = .max) { self.limit = limit }

    /// Takes the next octets of the archive.
    ///
    /// - Throws: ``SnapshotError``.
    package func read(_ octets: [UInt8]) throws(SnapshotError) {
        do {
            try gzip.process(octets) { try take($0) }
        } catch let error as SnapshotError {
            throw error
        } catch {
            throw .notGzip("\(error)")
        }
    }

    /// Ends the reading.
    ///
    /// - Throws: ``SnapshotError`` if the archive is not whole.
    package func finish() throws(SnapshotError) -> Contents {
        guard gzip.isAtEnd, case .end = place, let meta else { throw .cutShort }
        let snapshot = try records.finish()
        guard records.count == meta.records, snapshot.index == meta.index else {
            throw .wrongMeta("it tells of \(meta.records) records up to index \(meta.index)")
        }
        return Contents(meta: meta, snapshot: snapshot)
    }

    private func take(_ octets: ArraySlice<UInt8>) throws(SnapshotError) {
        var rest = octets
        while !rest.isEmpty {
            switch place {
            case .header:
                guard let header = gather(TarHeader.length, from: &rest) else { continue }
                try open(TarHeader(header))
            case .contents(let file, let left): try read(file, &rest, left: left)
            case .padding(let left):
                let count = min(left, rest.count)
                rest.removeFirst(count)
                place = left == count ? .header : .padding(left: left - count)
            case .end:
                total += rest.count
                guard !rest.contains(where: { $0 != 0 }), total <= Self.longestEnd else { throw .trailingOctets }
                return
            }
        }
    }

    /// Takes octets until there are `count` of them.
    private func gather(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let taken = rest.prefix(count - gathered.count)
        gathered += taken
        rest.removeFirst(taken.count)
        guard gathered.count == count else { return nil }
        defer { gathered = [] }
        return gathered
    }

    private func open(_ header: TarHeader?) throws(SnapshotError) {
        guard let header else {
            guard files.isEmpty else { throw .wrongFiles("\(files[files.startIndex].rawValue) is missing") }
            place = .end
            return
        }
        guard let file = files.popFirst(), file.rawValue == header.name else {
            throw .wrongFiles("it has a file \(header.name.prefix(80).debugDescription)")
        }
        switch file {
        case .state:
            guard header.size <= limit else { throw .tooLarge(limit: limit) }
            guard header.size == meta?.size else { throw .wrongMeta("state.bin has another size") }
        case .meta, .checksums:
            guard header.size <= Self.longestText else { throw .wrongFiles("\(file.rawValue) is too large") }
        }
        place = .contents(file, left: header.size)
        if header.size == 0 { try close(file, size: 0) }
    }

    private func read(_ file: SnapshotFile, _ rest: inout ArraySlice<UInt8>, left: Int) throws(SnapshotError) {
        let piece = rest.prefix(left)
        rest.removeFirst(piece.count)
        switch file {
        case .state:
            hash.update(data: piece)
            try records.read(piece)
        case .meta, .checksums: gathered += piece
        }
        place = .contents(file, left: left - piece.count)
        if piece.count == left { try close(file, size: file == .state ? meta?.size ?? 0 : gathered.count) }
    }

    private func close(_ file: SnapshotFile, size: Int) throws(SnapshotError) {
        let text = gathered
        gathered = []
        switch file {
        case .meta:
            meta = try SnapshotMeta(octets: text)
            sums[.meta] = hexadecimal(Array(SHA256.hash(data: text)))
        case .state: sums[.state] = hexadecimal(Array(hash.finalize()))
        case .checksums: try compare(String(decoding: text, as: UTF8.self))
        }
        let padding = TarHeader.padding(after: size)
        place = padding == 0 ? .header : .padding(left: padding)
    }

    private func compare(_ text: String) throws(SnapshotError) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        for file in [SnapshotFile.state, .meta] {
            let line = lines.first { $0.count == 2 && $0[1].drop { $0 == " " || $0 == "*" } == file.rawValue }
            guard let line, line[0] == sums[file] else { throw .wrongChecksum(file: file.rawValue) }
        }
    }
}

/// Puts a catalog together from `state.bin`.
private struct RecordReader {
    private var state = CatalogState()
    private var waiting: [UInt8] = []
    private(set) var count = 0

    /// No record has more: a value has 16 MiB at most, if the operator says so, and there is its key and the like.
    private static let longestRecord = 17 << 20

    mutating func read(_ octets: ArraySlice<UInt8>) throws(SnapshotError) {
        waiting += octets
        var start = 0
        while waiting.count - start >= 4 {
            let length = waiting[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= Self.longestRecord else { throw failure("it is too long") }
            guard waiting.count - start - 4 >= length else { break }
            try restore(Array(waiting[start + 4..<start + 4 + length]))
            start += 4 + length
        }
        waiting.removeFirst(start)
    }

    private mutating func restore(_ octets: [UInt8]) throws(SnapshotError) {
        let record: CatalogRecord
        do {
            record = try CatalogRecord(octets: octets)
        } catch {
            throw failure(error.isNewer ? "\(error): a later Berth may know it" : "\(error)")
        }
        if let flaw = record.flaw { throw failure(flaw) }
        if count == 0 {
            guard case .indexes = record else { throw failure("the catalog's indexes are missing") }
        }
        do { try state.restore(record) } catch { throw failure("\(error)") }
        count += 1
    }

    private func failure(_ reason: String) -> SnapshotError { .wrongRecord(number: count + 1, reason: reason) }

    func finish() throws(SnapshotError) -> CatalogSnapshot {
        guard waiting.isEmpty else { throw failure("it ends too early") }
        return state.snapshot
    }
}

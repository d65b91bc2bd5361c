import Crypto
package import Foundation
package import Registry

/// Makes the archive of a catalog: a gzipped tar file, as Consul's is, with
///
///     meta.json     what it is, and of when
///     state.bin     the catalog's records: each with its length before it (4 octets, most significant first)
///     SHA256SUMS    of both, as sha256sum writes and checks them
///
/// A tar file says how large a file is before it comes. The catalog does not change, so its records are gone through
/// twice, and nothing but the record at hand is ever held.
package struct SnapshotWriter: Sendable {
    private let snapshot: CatalogSnapshot
    package let meta: SnapshotMeta
    private let checksum: [UInt8]

    /// Goes through the catalog once.
    package init(
        _ snapshot: CatalogSnapshot, node: String, datacenter: String, madeBy version: String, time: Date = Date()
    ) {
        self.snapshot = snapshot
        var (size, count, hash) = (0, 0, SHA256())
        for record in snapshot.records {
            let octets = Self.framed(record)
            size += octets.count
            count += 1
            hash.update(data: octets)
        }
        checksum = Array(hash.finalize())
        meta = SnapshotMeta(
            index: snapshot.index, size: size, records: count, node: node, datacenter: datacenter, madeBy: version,
            time: time)
    }

    /// The archive, piece by piece.
    package func pieces() throws -> SnapshotPieces {
        let description = try meta.octets
        let sums = [(checksum, SnapshotFile.state), (Array(SHA256.hash(data: description)), .meta)]
            .map { "\(hexadecimal($0))  \($1.rawValue)\n" }.joined()
        let opening = file(.meta, description) + header(.state, size: meta.size)
        let ending = padding(meta.size) + file(.checksums, Array(sums.utf8))
        return SnapshotPieces(
            [
                AnySequence([opening]), AnySequence(snapshot.records.lazy.map { Self.framed($0) }),
                AnySequence([ending + [UInt8](repeating: 0, count: 2 * TarHeader.length)]),
            ].joined())
    }

    private func file(_ file: SnapshotFile, _ octets: [UInt8]) -> [UInt8] {
        header(file, size: octets.count) + octets + padding(octets.count)
    }

    private func header(_ file: SnapshotFile, size: Int) -> [UInt8] {
        TarHeader(name: file.rawValue, size: size, time: Int(meta.time.timeIntervalSince1970)).octets
    }

    private func padding(_ size: Int) -> [UInt8] { [UInt8](repeating: 0, count: TarHeader.padding(after: size)) }

    private static func framed(_ record: CatalogRecord) -> [UInt8] {
        let octets = record.octets
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: octets.count >> $0) } + octets
    }
}

/// What is made of an archive while it is sent.
package final class SnapshotPieces {
    private let gzip = GzipStream(.compress)
    /// Before they are compressed.
    private let parts: AnyIterator<[UInt8]>
    private var waiting: [UInt8] = []
    private var ready: ArraySlice<[UInt8]> = []

    private static let size = 64 << 10

    fileprivate init(_ parts: some Sequence<[UInt8]>) { self.parts = AnyIterator(parts.makeIterator()) }

    /// Makes the next piece: about 64 KiB at most.
    ///
    /// - Returns: `nil` at the end.
    package func next() throws -> [UInt8]? {
        while true {
            if let piece = ready.popFirst() { return piece }
            guard !gzip.isAtEnd else { return nil }
            var isLast = false
            while waiting.count < Self.size, !isLast {
                if let part = parts.next() { waiting += part } else { isLast = true }
            }
            try gzip.process(waiting, isLast: isLast) { ready.append(Array($0)) }
            waiting.removeAll(keepingCapacity: true)
        }
    }
}

/// As sha256sum writes it.
func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

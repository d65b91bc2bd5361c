// Restorations as octets. Changes have tags from 42 on.

extension RestorationChange {
    static let tags: ClosedRange<UInt8> = 42...44

    func write(to writer: inout OctetWriter) {
        switch self {
        case .begin(let index):
            writer.write(UInt8(42))
            writer.write(index)
        case .record(let record):
            writer.write(UInt8(43))
            record.write(to: &writer)
        case .end: writer.write(UInt8(44))
        }
    }

    /// - Parameter tag: has been read.
    init(tag: UInt8, from reader: inout OctetReader) throws(FormatError) {
        switch tag {
        case 42: self = .begin(index: try reader.integer())
        case 43: self = .record(try CatalogRecord(from: &reader))
        case 44: self = .end
        default: throw .unknownTag(tag)
        }
    }
}

extension CatalogRecord {
    /// As a journal writes it, with its own checksum.
    package var octets: [UInt8] { JournalFormat.encode(self) }

    /// Reads what ``octets`` are.
    ///
    /// - Throws: ``UnreadableRecord``.
    package init(octets: [UInt8]) throws(UnreadableRecord) {
        do {
            self = try JournalFormat.decode(from: octets)
        } catch {
            throw UnreadableRecord(error)
        }
    }
}

/// Why octets are no record of a catalog.
package struct UnreadableRecord: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// Whether a later version than this one may have written it.
    package let isNewer: Bool

    init(_ error: FormatError) {
        description = error.description
        switch error {
        case .unknownVersion, .unknownTag: isNewer = true
        default: isNewer = false
        }
    }
}

import DNS
import Foundation

/// A master file as it was read, before anybody asked what it is good for: a zone, or records inside the registry's.
struct MasterFile {
    let path: String
    private let records: [MasterRecord]
    /// What relative names end in before the first `$ORIGIN`.
    private let origin: DomainName

    /// - Throws: ``ZoneFileError``, with the line.
    init(reading path: String) throws(ZoneFileError) {
        let text: [UInt8]
        do {
            text = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ZoneFileError(file: path, line: nil, reason: .unreadable(error.localizedDescription))
        }
        do {
            try self.init(text, path: path)
        } catch {
            throw ZoneFileError(file: error.file ?? path, line: error.line, reason: error.reason)
        }
    }

    /// - Parameter path: where the text comes from, which also says what relative names end in.
    init(_ text: [UInt8], path: String) throws(LocatedReason) {
        let origin = ZoneFile.origin(fileName: URL(filePath: path).lastPathComponent) ?? .root
        records = try MasterFileTree(text: text, path: path, origin: origin).records
        self.path = path
        self.origin = origin
    }

    /// True if the file means names at or below `domain`, by its own name or by its first record, rather than a zone
    /// that lies elsewhere.
    func adds(to domain: DomainName) -> Bool {
        if let soa = records.first(where: { $0.type == .soa }), !soa.owner.isSubdomain(of: domain) { return false }
        return (records.first?.owner ?? origin).isSubdomain(of: domain) || origin.isSubdomain(of: domain)
    }

    /// - Throws: ``ZoneFileError``, with the line, if the records are no zone.
    func zone() throws(ZoneFileError) -> ZoneFile {
        do {
            return try contents()
        } catch {
            throw ZoneFileError(file: error.file ?? path, line: error.line, reason: error.reason)
        }
    }

    /// - Throws: ``LocatedReason`` if the records are no zone.
    func contents() throws(LocatedReason) -> ZoneFile {
        let contents = try ZoneContents(records)
        return ZoneFile(path: path, zone: contents.zone, owners: contents.owners, records: contents.records)
    }

    /// - Throws: ``ZoneFileError``, with the line, if they are not what may be added to `domain`.
    func additions(to domain: DomainName) throws(ZoneFileError) -> DomainRecords {
        do {
            return DomainRecords(path: path, owners: try DomainRecords.owners(records, in: domain))
        } catch {
            throw ZoneFileError(file: error.file ?? path, line: error.line, reason: error.reason)
        }
    }
}

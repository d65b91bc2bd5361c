import DNS
import Foundation

/// A master file as it was read, before anybody asked what it is good for: a zone, or records inside the registry's.
struct MasterFile {
    let path: String
    private let records: [MasterRecord]
    /// What could not be read.
    private let mistakes: Mistakes
    /// What relative names end in before the first `$ORIGIN`.
    private let origin: DomainName

    /// - Throws: ``ZoneFileErrors`` if nothing can be read at all.
    init(reading path: String) throws(ZoneFileErrors) {
        let text: [UInt8]
        do {
            text = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ZoneFileErrors(
                ZoneFileError(file: path, line: nil, reason: .unreadable(ZoneFileError.reason(error))))
        }
        self.init(text, path: path)
    }

    /// - Parameter path: where the text comes from, which also says what relative names end in.
    init(_ text: [UInt8], path: String) {
        let origin = ZoneFile.origin(fileName: URL(filePath: path).lastPathComponent) ?? .root
        let tree = MasterFileTree(text: text, path: path, origin: origin)
        records = tree.records
        mistakes = tree.mistakes
        self.path = path
        self.origin = origin
    }

    /// True if the file means names at or below `domain`, by its own name or by its first record, rather than a zone
    /// that lies elsewhere.
    func adds(to domain: DomainName) -> Bool {
        if let soa = records.first(where: { $0.type == .soa }), !soa.owner.isSubdomain(of: domain) {
            return false
        }
        return (records.first?.owner ?? origin).isSubdomain(of: domain)
            || origin.isSubdomain(of: domain)
    }

    /// - Throws: ``ZoneFileErrors``, with the lines, unless all could be read and is a zone.
    func zone() throws(ZoneFileErrors) -> ZoneFile {
        do {
            let contents = try ZoneContents(records, found: mistakes)
            return ZoneFile(
                path: path, zone: contents.zone, owners: contents.owners, records: contents.records,
                warnings: contents.warnings(about: records, in: path))
        } catch {
            throw ZoneFileErrors(error, in: path)
        }
    }

    /// - Throws: ``ZoneFileErrors``, with the lines, unless all could be read and may be added to `domain`.
    func additions(to domain: DomainName) throws(ZoneFileErrors) -> DomainRecords {
        do {
            return DomainRecords(
                path: path, owners: try DomainRecords.owners(records, in: domain, found: mistakes))
        } catch {
            throw ZoneFileErrors(error, in: path)
        }
    }
}

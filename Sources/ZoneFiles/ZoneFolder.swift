package import DNS
import Foundation

/// The zones of a folder of master files, as they were when last read without an error, and the records that such files
/// add to the registry's zone.
///
/// Reading again never takes a zone away because of a mistake: a file that cannot be used as it is now leaves the zone in
/// place that it gave before. Only a file that was removed takes its zone with it.
package struct ZoneFolder: Sendable {
    package let path: String
    /// The registry's domain, at and below which files have no zones but single records; then the others that stand for it.
    private let domains: [DomainName]
    /// In the order of the files' names, each zone once.
    package private(set) var files: [ZoneFile] = []
    /// In the order of the files' names, each owner once.
    package private(set) var additions: [DomainRecords] = []

    /// A folder that nothing is read from yet, and that need not exist.
    ///
    /// - Parameter domains: the registry's, and other names for it.
    package init(path: String, domains: [DomainName]) {
        self.path = path
        self.domains = domains
    }

    /// Reads every zone file again, in the order of their names. One with an error does not hold up the others; of two
    /// files for one zone, or with records at one name of the registry's, the first is used.
    ///
    /// - Returns: what is wrong, and with which file.
    package mutating func reload() -> [ZoneFileError] {
        let names: [String]
        do {
            names = try fileNames()
        } catch {
            return [noted(error, keeping: !(files.isEmpty && additions.isEmpty))]
        }
        var content = FolderContent()
        var errors: [ZoneFileError] = []
        for name in names {
            let path = "\(self.path)/\(name)"
            do throws(ZoneFileErrors) {
                try read(path, into: &content)
            } catch {
                let keeps = keep(path, in: &content)
                errors += error.all.map { noted($0, keeping: keeps) }
            }
        }
        files = content.files
        additions = content.additions
        return errors
    }

    private func read(_ path: String, into content: inout FolderContent) throws(ZoneFileErrors) {
        let file = try MasterFile(reading: path)
        guard let domain = domains.first(where: file.adds) else { return try content.add(try file.zone()) }
        guard domain == domains[0] else {
            throw ZoneFileErrors(
                ZoneFileError(file: path, line: nil, reason: .alternativeDomain(domain, of: domains[0])))
        }
        try content.add(try file.additions(to: domain))
    }

    /// Keeps what was loaded before from a file that cannot be used as it is now.
    ///
    /// - Returns: false if there was nothing, or if it has to give way, because another file has the same by now.
    private func keep(_ path: String, in content: inout FolderContent) -> Bool {
        do throws(ZoneFileErrors) {
            if let file = files.first(where: { $0.path == path }) {
                try content.add(file)
            } else if let records = additions.first(where: { $0.path == path }) {
                try content.add(records)
            } else {
                return false
            }
            return true
        } catch {
            return false
        }
    }

    /// The names of the zone files, sorted; none where there is no folder.
    private func fileNames() throws(ZoneFileError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
                ZoneFile.origin(fileName: $0) != nil
            }
        } catch CocoaError.fileReadNoSuchFile {
            return []
        } catch {
            throw ZoneFileError(file: path, line: nil, reason: .unreadable(ZoneFileError.reason(error)))
        }
    }

    private func noted(_ error: ZoneFileError, keeping: Bool) -> ZoneFileError {
        var error = error
        error.keepsZone = keeping
        return error
    }
}

/// What was read of a folder so far.
private struct FolderContent {
    private(set) var files: [ZoneFile] = []
    private(set) var additions: [DomainRecords] = []
    private var zones: [DomainName: String] = [:]
    private var owners: [DomainName: String] = [:]

    mutating func add(_ file: ZoneFile) throws(ZoneFileErrors) {
        let apex = file.zone.apex
        if let path = zones[apex] {
            throw ZoneFileErrors(
                ZoneFileError(file: file.path, line: nil, reason: .duplicateZone(apex: apex, keptFile: path)))
        }
        zones[apex] = file.path
        files.append(file)
    }

    mutating func add(_ records: DomainRecords) throws(ZoneFileErrors) {
        var mistakes = Mistakes()
        for owner in records.owners {
            let name = owner.records.owner
            if let path = owners[name] {
                mistakes.note(LocatedReason(line: owner.line, reason: .duplicateOwner(owner: name, keptFile: path)))
            }
        }
        guard mistakes.isEmpty else { throw ZoneFileErrors(mistakes, in: records.path) }
        for owner in records.owners { owners[owner.records.owner] = records.path }
        additions.append(records)
    }
}

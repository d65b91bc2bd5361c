package import DNS
import Foundation

/// The zones of a folder of master files, as they were when last read without an error.
///
/// Reading again never takes a zone away because of a mistake: a file that cannot be used as it is now leaves the zone in
/// place that it gave before. Only a file that was removed takes its zone with it.
package struct ZoneFolder: Sendable {
    package let path: String
    /// The registry's domains, at and below which no file may have a zone.
    private let domains: [DomainName]
    /// In the order of the files' names, each zone once.
    package private(set) var files: [ZoneFile] = []

    /// A folder that nothing is read from yet, and that need not exist.
    package init(path: String, domains: [DomainName]) {
        self.path = path
        self.domains = domains
    }

    /// Reads every zone file again, in the order of their names. One with an error does not hold up the others; of two
    /// files for one zone the first is used.
    ///
    /// - Returns: what is wrong, and with which file.
    package mutating func reload() -> [ZoneFileError] {
        let names: [String]
        do {
            names = try fileNames()
        } catch {
            return [noted(error, keeping: !files.isEmpty)]
        }
        let before = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0) })
        var taken: [DomainName: ZoneFile] = [:]
        var errors: [ZoneFileError] = []
        files = names.compactMap { name in
            let path = "\(self.path)/\(name)"
            do throws(ZoneFileError) {
                let file = try ZoneFile.load(path)
                try check(file, beside: taken)
                taken[file.zone.apex] = file
                return file
            } catch {
                // What was loaded before has to give way where another file has its zone by now.
                let last = before[path].flatMap { taken[$0.zone.apex] == nil ? $0 : nil }
                if let last { taken[last.zone.apex] = last }
                errors.append(noted(error, keeping: last != nil))
                return last
            }
        }
        return errors
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
            throw ZoneFileError(file: path, line: nil, reason: .unreadable(error.localizedDescription))
        }
    }

    private func check(_ file: ZoneFile, beside taken: [DomainName: ZoneFile]) throws(ZoneFileError) {
        let apex = file.zone.apex
        if let domain = domains.first(where: apex.isSubdomain) {
            throw ZoneFileError(file: file.path, line: nil, reason: .registryZone(apex: apex, domain: domain))
        }
        if let other = taken[apex] {
            throw ZoneFileError(file: file.path, line: nil, reason: .duplicateZone(apex: apex, keptFile: other.path))
        }
    }

    private func noted(_ error: ZoneFileError, keeping: Bool) -> ZoneFileError {
        var error = error
        error.keepsZone = keeping
        return error
    }
}

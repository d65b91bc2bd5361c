import DNS
import Foundation

/// Reads a zone file and the files that it includes, each in the place of the line that names it.
///
/// Included files are regular files in the zone file's folder or below it; no link leads out. What an included file says
/// of origin, owner and TTL ends with it.
struct MasterFileTree {
    private static let deepest = 10
    /// More would be a few files that include each other many times.
    private static let mostInclusions = 1000

    private(set) var records: [MasterRecord] = []
    /// The path of the zone file's folder without links.
    private let folder: String
    /// The paths without links of the files that are being read, each included by the one before.
    private var open: [String] = []
    private var inclusions = 0

    /// - Parameters:
    ///   - text: of the zone file.
    ///   - path: of the zone file, whose folder its names of files are relative to.
    ///   - origin: what relative names end in until the text has an `$ORIGIN`.
    /// - Throws: ``LocatedReason``.
    init(text: [UInt8], path: String, origin: DomainName) throws(LocatedReason) {
        folder = Self.withoutLinks(Self.folder(of: path))
        try read(text, path, state: MasterFileState(origin: origin))
    }

    private mutating func read(_ text: [UInt8], _ path: String, state: MasterFileState) throws(LocatedReason) {
        open.append(Self.withoutLinks(path))
        defer { open.removeLast() }
        var reader = try MasterFileReader(text: text, state: state)
        while let entry = try reader.next() {
            switch entry {
            case .record(let record): records.append(record)
            case .inclusion(let inclusion): try include(inclusion, from: path, state: reader.state)
            }
        }
    }

    private mutating func include(
        _ inclusion: Inclusion, from path: String, state: MasterFileState
    ) throws(LocatedReason) {
        let included = "\(Self.folder(of: path))/\(inclusion.file)"
        let text: [UInt8]
        do throws(InclusionFault) {
            text = try self.text(of: inclusion.file, at: included)
        } catch {
            throw LocatedReason(line: inclusion.line, reason: .inclusion(error))
        }
        var state = state
        state.origin = inclusion.origin
        let start = records.count
        do throws(LocatedReason) {
            try read(text, included, state: state)
        } catch {
            throw LocatedReason(line: error.line, file: error.file ?? included, reason: error.reason)
        }
        for index in start..<records.count where records[index].file == nil { records[index].file = included }
    }

    private mutating func text(of file: String, at path: String) throws(InclusionFault) -> [UInt8] {
        guard open.count <= Self.deepest else { throw .tooDeep(limit: Self.deepest) }
        guard inclusions < Self.mostInclusions else { throw .tooMany(limit: Self.mostInclusions) }
        inclusions += 1
        let path = Self.withoutLinks(path)
        guard !file.hasPrefix("/"), !file.split(separator: "/").contains(".."), path.hasPrefix(folder + "/") else {
            throw .outside(file: file)
        }
        guard !open.contains(path) else { throw .cycle(file: file) }
        do {
            // Of a device or a pipe there may be no end.
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            guard type == .typeRegular else { throw InclusionFault.unreadable(file: file, reason: "it is not a file") }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let fault as InclusionFault {
            throw fault
        } catch {
            throw .unreadable(file: file, reason: error.localizedDescription)
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func withoutLinks(_ path: String) -> String {
        let path = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

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
    private(set) var mistakes = Mistakes()
    /// The path of the zone file's folder without links.
    private let folder: String
    /// The paths without links of the files that are being read, each included by the one before.
    private var open: [String] = []
    private var inclusions = 0

    /// - Parameters:
    ///   - text: of the zone file.
    ///   - path: of the zone file, whose folder its names of files are relative to.
    ///   - origin: what relative names end in until the text has an `$ORIGIN`.
    init(text: [UInt8], path: String, origin: DomainName) {
        folder = Self.withoutLinks(Self.folder(of: path))
        read(text, path, as: nil, state: MasterFileState(origin: origin))
    }

    /// - Parameter name: what the file is called in what is told of it; `nil`: it is the zone file itself.
    private mutating func read(_ text: [UInt8], _ path: String, as name: String?, state: MasterFileState) {
        open.append(Self.withoutLinks(path))
        defer { open.removeLast() }
        do throws(LocatedReason) {
            var reader = try MasterFileReader(text: text, state: state)
            while !reader.isLost {
                do throws(LocatedReason) {
                    guard let entry = try reader.next() else { return }
                    switch entry {
                    case .record(var record):
                        record.file = name
                        records.append(record)
                    case .inclusion(let inclusion): try include(inclusion, from: path, state: reader.state)
                    }
                } catch {
                    note(error, in: name)
                }
            }
        } catch {
            note(error, in: name)
        }
    }

    private mutating func note(_ mistake: LocatedReason, in name: String?) {
        mistakes.note(LocatedReason(line: mistake.line, file: name, reason: mistake.reason))
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
        read(text, included, as: included, state: state)
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
            throw .unreadable(file: file, reason: ZoneFileError.reason(error))
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

import DNS

/// `$INCLUDE FILE [ORIGIN]`: another file is to be read in the place of this line (RFC 1035 5.1).
struct Inclusion {
    /// As it is written there.
    var file: String
    /// What relative names end in there, until that file says otherwise.
    var origin: DomainName
    var line: Int

    /// - Parameter origin: what relative names end in where the line stands.
    /// - Throws: ``LocatedReason`` if there is not one file name and at most one origin.
    init(_ lines: ConsumedLines, origin: DomainName) throws(LocatedReason) {
        let words = lines.arguments
        guard let file = words.first, words.count <= 2 else { throw lines.located(.inclusion(.unclear)) }
        self.file = file.hasPrefix("\"") && file.hasSuffix("\"") ? String(file.dropFirst().dropLast()) : String(file)
        line = lines.firstLine
        do {
            self.origin =
                try words.dropFirst().first.map { word throws(NameError) in
                    let name = try word == "@" ? .root : DomainName(text: word)
                    return word.hasSuffix(".") ? name : try name.appending(origin)
                } ?? origin
        } catch {
            throw lines.located(.syntax("the origin is not a name: \(error)"))
        }
    }
}

/// Why a file was not included.
package enum InclusionFault: Error, Equatable, Sendable {
    case unclear
    /// The file is not below the zone file's folder.
    case outside(file: String)
    case unreadable(file: String, reason: String)
    case cycle(file: String)
    case tooDeep(limit: Int)
    case tooMany(limit: Int)
}

extension InclusionFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unclear:
            "$INCLUDE needs the name of a file and may have an origin behind it; correct the line"
        case .outside(let file):
            "\(file) is not inside the folder of the zone file; move it there, and name it without .. and a leading /"
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason)"
        case .cycle(let file):
            "\(file) is being read already and would include itself for ever; remove the line"
        case .tooDeep(let limit):
            "files include files more than \(limit) deep; include this one from a file further up"
        case .tooMany(let limit):
            "the zone includes more than \(limit) files; put several of them together"
        }
    }
}

/// What is wrong with one file: the first mistakes that were found, and how many there are besides.
struct Mistakes: Error, Equatable {
    /// Nobody reads more at a time, and so many often have one cause.
    static let most = 20

    private(set) var told: [LocatedReason] = []
    private(set) var untold = 0

    init() {}

    init(_ mistake: LocatedReason) { told = [mistake] }

    var isEmpty: Bool { told.isEmpty }

    mutating func note(_ mistake: LocatedReason) {
        if told.count < Self.most { told.append(mistake) } else { untold += 1 }
    }
}

/// What is wrong, and on which line (counted from 1).
struct LocatedReason: Error, Equatable {
    var line: Int?
    /// The included file that the line is in; `nil`: the zone file itself.
    var file: String?
    var reason: ZoneFileError.Reason

    init(line: Int?, file: String? = nil, reason: ZoneFileError.Reason) {
        self.line = line
        self.file = file
        self.reason = reason
    }
}

/// Everything that is wrong with one file, so that one look mends all of it.
package struct ZoneFileErrors: Error, Equatable, Sendable, CustomStringConvertible {
    /// Never empty. Of very many the last one says how many are left out.
    package var all: [ZoneFileError]

    init(_ mistakes: Mistakes, in path: String) {
        all = mistakes.told.map {
            ZoneFileError(file: $0.file ?? path, line: $0.line, reason: $0.reason)
        }
        if mistakes.untold > 0 {
            all.append(ZoneFileError(file: path, line: nil, reason: .others(count: mistakes.untold)))
        }
    }

    init(_ error: ZoneFileError) { all = [error] }

    /// One line a mistake.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}

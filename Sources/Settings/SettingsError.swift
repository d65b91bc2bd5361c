/// Everything that is wrong with the flags and the file, so that one look mends all of it.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Never empty: the file's in the order of its lines, then the flags'.
    package var problems: [SettingsProblem]

    package init(problems: [SettingsProblem]) { self.problems = problems }

    /// One line a problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong, where, and what to do about it.
package struct SettingsProblem: Error, Equatable, Sendable {
    package var origin: Origin
    /// `nil`: the file as a whole.
    package var key: String?
    /// What is wrong: a sentence that the key comes before.
    package var reason: String

    package init(origin: Origin, key: String? = nil, reason: String) {
        self.origin = origin
        self.key = key
        self.reason = reason
    }
}

extension SettingsProblem: CustomStringConvertible {
    /// `FILE:LINE: KEY: REASON`, or `--KEY: REASON`.
    package var description: String {
        let subject = key.map { "\($0): " } ?? ""
        return switch origin {
        case .flag: "--\(subject)\(reason)"
        case .argument: reason
        case .file(let path, let line?): "\(path):\(line): \(subject)\(reason)"
        case .file(let path, nil): "\(path): \(subject)\(reason)"
        }
    }
}

/// Where a value was given.
package enum Origin: Hashable, Sendable {
    case flag
    /// The command line as a whole.
    case argument
    /// Lines count from 1; `nil`: the file as a whole.
    case file(String, line: Int?)
}

extension String {
    /// The text as part of a message: in quotes, on one line, not too long.
    var shown: String {
        let head = unicodeScalars.prefix(80)
        let text = head.map { $0.escaped(asASCII: false) }.joined()
        return "\"\(text)\(head.count < unicodeScalars.count ? "..." : "")\""
    }
}

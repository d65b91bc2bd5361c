import Registry

/// The labels before a service's name, read as any number of its tags: an instance answers if it has all of them.
///
///     primary.eu.web.service.consul       tags "primary" and "eu", or the one tag "primary.eu"
///
/// A tag with dots takes as many labels as it has.
struct TagQuery {
    enum Match {
        case none
        /// The labels are the end of a spelling only: names below this one exist.
        case partial
        case whole
    }

    private let labels: [[UInt8]]
    /// What was found for a list of tags: most instances of a service have the same.
    private var known: [[String]: Match] = [:]

    /// - Parameter labels: in lower case.
    init(_ labels: [[UInt8]]) { self.labels = labels }

    /// True for the one tag that `_<service>._udp` asks for.
    var isProtocol: Bool { labels == [Array(TransportProtocol.udp.rawValue.utf8)] }

    mutating func match(_ tags: [String]) -> Match {
        if let match = known[tags] { return match }
        let match = worked(out: tags)
        known[tags] = match
        return match
    }

    private func worked(out tags: [String]) -> Match {
        let spellings = tags.map { tag in
            CaselessText(tag).folded.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(
                Array.init)
        }
        if isMade(of: spellings, from: 0) { return .whole }
        let isPartial = spellings.contains { spelling in
            spelling.indices.dropFirst().contains { start in
                labels.starts(with: spelling[start...])
                    && isMade(of: spellings, from: spelling.count - start)
            }
        }
        return isPartial ? .partial : .none
    }

    /// True if the labels from `start` on are tags, one after the other.
    private func isMade(of spellings: [[[UInt8]]], from start: Int) -> Bool {
        var isReached = [Bool](repeating: false, count: labels.count + 1)
        isReached[start] = true
        for position in start..<labels.count where isReached[position] {
            for spelling in spellings where labels[position...].starts(with: spelling) {
                isReached[position + spelling.count] = true
            }
        }
        return isReached[labels.count]
    }
}

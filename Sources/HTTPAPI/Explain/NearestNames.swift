import Registry

/// Finds what somebody who mistyped a name may have meant.
enum NearestNames {
    /// - Returns: at most three of `names`, the nearest first, none more than about a third of the letters away. A text
    ///   of one or two letters is near to nothing: any other of that length would do.
    static func to(_ text: String, among names: some Sequence<String>) -> [String] {
        let wanted = Array(CaselessText(text).folded.utf8.prefix(Label.maximumLength))
        let limit =
            switch wanted.count {
            case ...2: 0
            case 3...4: 1
            // Two letters that changed places.
            default: max(2, wanted.count / 3)
            }
        return
            names
            .map { (name: $0, distance: distance(wanted, Array(CaselessText($0).folded.utf8))) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3)
            .map(\.name)
    }

    /// Levenshtein's distance: how many octets to add, drop or change.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, octet) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (octet == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}

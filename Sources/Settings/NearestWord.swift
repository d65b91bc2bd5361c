/// Finds the word that was probably meant.
package enum NearestWord {
    /// The candidate that `word` is a misspelling or a beginning of; `nil` if none is near.
    package static func to(_ word: String, among candidates: [String]) -> String? {
        let word = plain(word)
        guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
        let best = candidates.map { ($0, distance(word, plain($0))) }.min { $0.1 < $1.1 }
        if let (candidate, distance) = best, distance <= max(1, word.count / 3) { return candidate }
        return candidates.first { word.count >= 3 && (plain($0).hasPrefix(word) || word.hasPrefix(plain($0))) }
    }

    /// Says that there is no such key, and which one was probably meant.
    static func unknown(_ key: String, among keys: [String]) -> String {
        let advice = to(key, among: keys).map { "did you mean \"\($0)\"?" }
        return "unknown key \(key.shown); \(advice ?? "the keys are \(keys.joined(separator: ", "))")"
    }

    /// `logLevel`, `log_level` and `log-level` are one word.
    private static func plain(_ word: String) -> String {
        word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// The fewest insertions, removals, replacements and swaps of neighbours between two words.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var rows = [Array(0...right.count)]
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}

/// What a check's output may be.
package enum CheckOutput {
    /// Octets that are kept of any.
    package static let maximum = 4096

    /// The beginning of a text: whole characters, no control characters but tabs and line ends.
    ///
    /// - Parameter limit: octets at most.
    package static func beginning(of text: String, octets limit: Int = maximum) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            let isHarmless = scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t"
            let shown = isHarmless ? scalar : "\u{fffd}"
            guard output.utf8.count + UTF8.width(shown) <= limit else { break }
            output.unicodeScalars.append(shown)
        }
        return output
    }

    /// What somebody reported; where it is cut, it says so in Consul's words.
    ///
    /// - Parameter limit: octets that are kept of the report.
    package static func report(_ text: String, octets limit: Int) -> String {
        let kept = beginning(of: text, octets: limit)
        let count = text.utf8.count
        return count > limit ? "\(kept) ... (captured \(limit) of \(count) bytes)" : kept
    }
}

extension String {
    /// As much of the front as fits into so many octets of UTF-8, no character torn.
    package func prefix(octets limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = startIndex
        for index in indices {
            let next = self.index(after: index)
            guard utf8.distance(from: startIndex, to: next) <= limit else { break }
            end = next
        }
        return String(self[..<end])
    }
}

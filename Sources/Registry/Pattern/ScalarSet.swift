/// Characters, as a part of a regular expression names them.
struct ScalarSet: Equatable, Sendable {
    private var ranges: [ClosedRange<UInt32>]
    var isNegated = false
    /// Whether ASCII letters are in it in either case.
    var ignoresCase = false

    init(_ ranges: [ClosedRange<Unicode.Scalar>] = []) {
        self.ranges = ranges.map { $0.lowerBound.value...$0.upperBound.value }
    }

    static let digit = ScalarSet(["0"..."9"])
    static let word = ScalarSet(["0"..."9", "A"..."Z", "_"..."_", "a"..."z"])
    static let space = ScalarSet(["\t"..."\n", "\u{c}"..."\r", " "..." "])
    static let newline = ScalarSet(["\n"..."\n"])

    var negated: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        var isIn = ranges.contains { $0.contains(value) }
        if ignoresCase, !isIn, scalar.properties.isAlphabetic, scalar.isASCII {
            isIn = ranges.contains { $0.contains(value ^ 0x20) }
        }
        return isIn != isNegated
    }

    /// Adds the characters of another set.
    mutating func formUnion(_ other: ScalarSet) {
        guard other.isNegated else { return ranges += other.ranges }
        var next: UInt32 = 0
        for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if next < range.lowerBound { ranges.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10_ffff { ranges.append(next...0x10_ffff) }
    }
}

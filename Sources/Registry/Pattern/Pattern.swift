/// A regular expression in Go's syntax (RE2), matched in time linear in the text.
///
/// `Regex` and its like go back and try again, which some expressions make take for ever; this one follows all ways at
/// once and therefore looks at each character of the text once, in time at most its own size.
package struct Pattern: Sendable {
    enum Instruction: Sendable {
        /// One character of a set.
        case scalar(ScalarSet)
        /// Both ways, the first of them rather.
        case split(Int, Int)
        case jump(Int)
        case assert(Assertion)
        /// Remembers the place: where a group begins or ends.
        case save(Int)
        case match
    }

    enum Assertion: Equatable, Sendable {
        case start
        case end
        case lineStart
        case lineEnd
        case wordBoundary
        case noWordBoundary
    }

    let program: [Instruction]
    /// In parentheses, without the whole.
    package let groupCount: Int

    /// - Throws: ``PatternError``.
    package init(_ text: String) throws(PatternError) {
        let (node, groupCount) = try PatternParser.parse(text)
        program = try PatternCompiler.compile(node)
        self.groupCount = groupCount
    }

    /// Whether the expression matches anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        var current = ThreadSet(size: program.count)
        var following = ThreadSet(size: program.count)
        var scalars = text.unicodeScalars.makeIterator()
        var previous: Unicode.Scalar?
        var next = scalars.next()
        while true {
            if follow(from: 0, into: &current, between: previous, and: next) { return true }
            guard let scalar = next else { return false }
            next = scalars.next()
            for thread in current.threads {
                guard case .scalar(let set) = program[thread], set.contains(scalar) else { continue }
                if follow(from: thread + 1, into: &following, between: scalar, and: next) { return true }
            }
            swap(&current, &following)
            following.removeAll()
            previous = scalar
        }
    }

    /// Adds all instructions that are reached without taking a character.
    ///
    /// - Returns: whether the end is among them.
    private func follow(
        from start: Int, into set: inout ThreadSet, between previous: Unicode.Scalar?, and next: Unicode.Scalar?
    ) -> Bool {
        var open = [start]
        while let thread = open.popLast() {
            guard set.insert(thread) else { continue }
            switch program[thread] {
            case .match: return true
            case .scalar: break
            case .save: open.append(thread + 1)
            case .jump(let target): open.append(target)
            case .split(let first, let second): open += [second, first]
            case .assert(let assertion):
                if assertion.holds(between: previous, and: next) { open.append(thread + 1) }
            }
        }
        return false
    }
}

extension Pattern.Assertion {
    func holds(between previous: Unicode.Scalar?, and next: Unicode.Scalar?) -> Bool {
        switch self {
        case .start: previous == nil
        case .end: next == nil
        case .lineStart: previous == nil || previous == "\n"
        case .lineEnd: next == nil || next == "\n"
        case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
        case .noWordBoundary: Self.isWord(previous) == Self.isWord(next)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(ScalarSet.word.contains) ?? false }
}

/// Instructions under way, each once.
private struct ThreadSet {
    private(set) var threads: [Int] = []
    private var isIn: [Bool]

    init(size: Int) { isIn = Array(repeating: false, count: size) }

    /// - Returns: whether it was not there yet.
    mutating func insert(_ thread: Int) -> Bool {
        guard !isIn[thread] else { return false }
        isIn[thread] = true
        threads.append(thread)
        return true
    }

    mutating func removeAll() {
        for thread in threads { isIn[thread] = false }
        threads.removeAll(keepingCapacity: true)
    }
}

/// Why a text is not a regular expression, or not one that is taken.
package struct PatternError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "error parsing regexp: \(reason)" }
}

/// A regular expression as a tree.
indirect enum PatternNode: Equatable {
    case scalar(ScalarSet)
    case assert(Pattern.Assertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// At least `minimum` times; without `maximum`, any number of times; as few as possible if it is lazy.
    case repetition(PatternNode, minimum: Int, maximum: Int?, isLazy: Bool)
    /// A group by its number, the first one's being 1.
    case group(Int, PatternNode)
}

/// Makes the tree a program.
struct PatternCompiler {
    /// Instructions: what one character of a text may cost.
    static let maximumSize = 1000

    private var program: [Pattern.Instruction] = []
    /// Also of what makes no instruction, such as `(){1000}`.
    private var steps = 0

    /// - Throws: ``PatternError`` if the program would be too long.
    static func compile(_ node: PatternNode) throws(PatternError) -> [Pattern.Instruction] {
        var compiler = PatternCompiler()
        try compiler.add(node)
        try compiler.append(.match)
        return compiler.program
    }

    private mutating func append(_ instruction: Pattern.Instruction) throws(PatternError) {
        guard program.count < Self.maximumSize else { throw PatternError("expression is too large") }
        program.append(instruction)
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        steps += 1
        guard steps <= 10 * Self.maximumSize else { throw PatternError("expression is too large") }
        switch node {
        case .scalar(let set): try append(.scalar(set))
        case .assert(let assertion): try append(.assert(assertion))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .alternatives(let nodes): try addAlternatives(nodes)
        case .repetition(let node, let minimum, let maximum, let isLazy):
            for _ in 0..<minimum { try add(node) }
            guard let maximum else { return try addLoop(node, isLazy: isLazy) }
            for _ in minimum..<maximum { try addOption(node, isLazy: isLazy) }
        case .group(let number, let node):
            try append(.save(2 * number))
            try add(node)
            try append(.save(2 * number + 1))
        }
    }

    private mutating func addAlternatives(_ nodes: [PatternNode]) throws(PatternError) {
        var jumps: [Int] = []
        for node in nodes.dropLast() {
            let split = program.count
            try append(.split(split + 1, 0))
            try add(node)
            jumps.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        if let last = nodes.last { try add(last) }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func addLoop(_ node: PatternNode, isLazy: Bool) throws(PatternError) {
        let split = program.count
        try append(.split(split + 1, 0))
        try add(node)
        try append(.jump(split))
        program[split] = Self.way(into: split + 1, past: program.count, isLazy)
    }

    private mutating func addOption(_ node: PatternNode, isLazy: Bool) throws(PatternError) {
        let split = program.count
        try append(.split(split + 1, 0))
        try add(node)
        program[split] = Self.way(into: split + 1, past: program.count, isLazy)
    }

    private static func way(into node: Int, past end: Int, _ isLazy: Bool) -> Pattern.Instruction {
        isLazy ? .split(end, node) : .split(node, end)
    }
}

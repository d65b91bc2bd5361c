extension Pattern {
    /// What the first match in `text` is, and what each group of it stands for: as in Go, of all matches the one that begins
    /// furthest left, and of these the one that the expression names first.
    ///
    /// All ways are followed at once, each with the places it has passed, so this takes time linear in the text too: for
    /// each character at most as long as the program, times its groups.
    ///
    /// - Returns: the whole, then each group, `nil` for one that takes no part; or `nil` without a match.
    package func groups(in text: String) -> [Substring?]? {
        let scalars = text.unicodeScalars
        var current = Lanes(size: program.count)
        var following = Lanes(size: program.count)
        var found: [String.Index?]?
        var position = scalars.startIndex
        var previous: Unicode.Scalar?
        while true {
            let scalar = position < scalars.endIndex ? scalars[position] : nil
            if found == nil {
                var places = [String.Index?](repeating: nil, count: 2 * (groupCount + 1))
                places[0] = position
                follow(Lane(thread: 0, places: places), into: &current, at: position, between: previous, and: scalar)
            }
            if current.lanes.isEmpty, found != nil { break }
            let after = scalar == nil ? position : scalars.index(after: position)
            let next = after < scalars.endIndex ? scalars[after] : nil
            lanes: for var lane in current.lanes {
                switch program[lane.thread] {
                case .match:
                    lane.places[1] = position
                    found = lane.places
                    // The others are named later.
                    break lanes
                case .scalar(let set):
                    guard let scalar, set.contains(scalar) else { continue }
                    lane.thread += 1
                    follow(lane, into: &following, at: after, between: scalar, and: next)
                default: continue
                }
            }
            guard scalar != nil else { break }
            swap(&current, &following)
            following.removeAll()
            (previous, position) = (scalar, after)
        }
        return found.map { places in
            stride(from: 0, to: places.count, by: 2).map { number in
                guard let start = places[number], let end = places[number + 1] else { return nil }
                return text[start..<end]
            }
        }
    }

    /// Adds all instructions that are reached without taking a character, those first that the expression names first.
    private func follow(
        _ lane: Lane, into lanes: inout Lanes, at position: String.Index, between previous: Unicode.Scalar?,
        and next: Unicode.Scalar?
    ) {
        var open = [lane]
        while var lane = open.popLast() {
            let thread = lane.thread
            guard lanes.insert(thread) else { continue }
            switch program[thread] {
            case .match, .scalar: lanes.lanes.append(lane)
            case .jump(let target):
                lane.thread = target
                open.append(lane)
            case .split(let first, let second):
                open += [Lane(thread: second, places: lane.places), Lane(thread: first, places: lane.places)]
            case .save(let place):
                lane.places[place] = position
                lane.thread += 1
                open.append(lane)
            case .assert(let assertion):
                guard assertion.holds(between: previous, and: next) else { continue }
                lane.thread += 1
                open.append(lane)
            }
        }
    }
}

/// One way through the program.
private struct Lane {
    var thread: Int
    /// Where groups began and ended on it.
    var places: [String.Index?]
}

/// Ways under way, the preferred first; no two of them stand at the same instruction.
private struct Lanes {
    var lanes: [Lane] = []
    private var isIn: [Bool]

    init(size: Int) { isIn = Array(repeating: false, count: size) }

    /// - Returns: whether nobody was there yet.
    mutating func insert(_ thread: Int) -> Bool {
        guard !isIn[thread] else { return false }
        isIn[thread] = true
        return true
    }

    mutating func removeAll() {
        for index in isIn.indices { isIn[index] = false }
        lanes.removeAll(keepingCapacity: true)
    }
}

/// The order of one answer's records as it is decided, one after the other: on the full path, for sets of any size.
struct DrawnOrder {
    private enum Way {
        /// Each record's number, those that were taken at the front.
        case random([Int], Draws)
        case stable
        case weighted(WeightedDraws)
    }

    private let count: Int
    private var way: Way
    private var place = 0

    /// To be ended with ``end()``.
    init(of set: AnswerSet) {
        count = set.count
        switch set.order {
        case AnswerSet.stableOrder: way = .stable
        case AnswerSet.weightedOrder:
            let draws = WeightedDraws(capacity: max(1, set.count))
            draws.fill(from: set)
            way = .weighted(draws)
        default: way = .random(Array(0..<set.count), Draws())
        }
    }

    /// The number of the next record, for as many times as the set has records.
    mutating func next(_ random: inout RandomSource) -> Int {
        defer { place += 1 }
        switch way {
        case .random(var order, var draws):
            // Nothing else holds the list while it is changed.
            way = .stable
            let left = count - place
            if left > 1 { order.swapAt(place, place + draws.below(left, &random)) }
            let index = order[place]
            way = .random(order, draws)
            return index
        case .stable: return place
        case .weighted(let draws): return draws.next(of: count, &random)
        }
    }

    func end() {
        if case .weighted(let draws) = way { draws.deallocate() }
    }
}

/// Where the order of one answer is kept: which record goes to which place, and where it stands in the reply.
///
/// Safe to use: all indices are below ``capacity``, which ``FastAnswer`` checks once for each set.
@safe struct ShuffleScratch {
    /// Larger sets are left to the full path.
    static let capacity = 255

    private let order: UnsafeMutablePointer<UInt8>
    private let positions: UnsafeMutablePointer<UInt16>
    private let weighted = WeightedDraws(capacity: capacity)

    init() {
        unsafe order = .allocate(capacity: Self.capacity)
        unsafe order.initialize(repeating: 0, count: Self.capacity)
        unsafe positions = .allocate(capacity: Self.capacity)
        unsafe positions.initialize(repeating: 0, count: Self.capacity)
    }

    func deallocate() {
        unsafe order.deallocate()
        unsafe positions.deallocate()
        weighted.deallocate()
    }

    @inline(__always)
    func reset(for set: AnswerSet) {
        for index in 0..<set.count { unsafe order[index] = UInt8(truncatingIfNeeded: index) }
        if set.order == AnswerSet.weightedOrder { weighted.fill(from: set) }
    }

    /// Decides which record goes to the next place, as the set's order has it.
    ///
    /// - Returns: that record.
    @inline(__always)
    func take(_ place: Int, of set: AnswerSet, _ draws: inout Draws, _ random: inout RandomSource) -> Int {
        if set.order == AnswerSet.randomOrder {
            let left = set.count &- place
            return swap(place, left > 1 ? place &+ draws.below(left, &random) : place)
        }
        guard set.order == AnswerSet.weightedOrder else { return place }
        let index = weighted.next(of: set.count, &random)
        unsafe order[place] = UInt8(truncatingIfNeeded: index)
        return index
    }

    @inline(__always)
    private func swap(_ place: Int, _ drawn: Int) -> Int {
        let index = unsafe order[drawn]
        unsafe order[drawn] = order[place]
        unsafe order[place] = index
        return Int(index)
    }

    @inline(__always)
    func index(_ place: Int) -> Int { unsafe Int(order[place]) }

    @inline(__always)
    func note(position: Int, _ place: Int) { unsafe positions[place] = UInt16(truncatingIfNeeded: position) }

    @inline(__always)
    func position(_ place: Int) -> Int { unsafe Int(positions[place]) }
}

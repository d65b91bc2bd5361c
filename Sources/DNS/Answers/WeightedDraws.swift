/// Draws the records of a set one after the other, each with a chance in proportion to its weight among those left.
///
/// A tree of sums: at 1 the sum of all weights, at `2i` and `2i + 1` those that the sum at `i` is made of, down to the
/// weights themselves. A draw takes two steps for each level.
///
///               14                    records 0, 1, 2 of weights 9, 4, 1
///          13        1
///        9    4    1    0
///
/// Safe to use: indices are below twice the number of leaves, for which ``init(capacity:)`` made room.
@safe struct WeightedDraws {
    private let sums: UnsafeMutablePointer<UInt64>

    /// A weight of 1. One of 0 becomes a 4096th of that, so that the last records can be drawn, too. All weights of the
    /// longest set, 65,535 times 32 bits, are less than 2^60.
    private static let unit: UInt64 = 4096

    /// - Parameter capacity: the most records of a set.
    init(capacity: Int) {
        let count = 2 * Self.leaves(capacity)
        unsafe sums = .allocate(capacity: count)
        unsafe sums.initialize(repeating: 0, count: count)
    }

    func deallocate() { unsafe sums.deallocate() }

    /// Puts all records of a set back, for ``next(of:_:)``.
    func fill(from set: AnswerSet) {
        let leaves = Self.leaves(set.count)
        for index in 0..<leaves {
            unsafe sums[leaves + index] = index < set.count ? max(1, UInt64(set.weight(index)) &* Self.unit) : 0
        }
        for node in stride(from: leaves - 1, to: 0, by: -1) {
            unsafe sums[node] = sums[2 &* node] &+ sums[2 &* node &+ 1]
        }
    }

    /// The number of the next record, for as many times as there are records.
    @inline(__always)
    func next(of count: Int, _ random: inout RandomSource) -> Int {
        let leaves = Self.leaves(count)
        var rest = unsafe random.next().multipliedFullWidth(by: sums[1]).high
        var node = 1
        while node < leaves {
            node &*= 2
            let left = unsafe sums[node]
            if rest >= left {
                rest &-= left
                node &+= 1
            }
        }
        let drawn = node &- leaves
        let weight = unsafe sums[node]
        while node > 0 {
            unsafe sums[node] &-= weight
            node &>>= 1
        }
        return drawn
    }

    /// The least power of two that is not less than `count`, which is 1 or more.
    @inline(__always)
    private static func leaves(_ count: Int) -> Int { 1 &<< (Int.bitWidth &- (count &- 1).leadingZeroBitCount) }
}

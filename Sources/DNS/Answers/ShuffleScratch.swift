/// Where the shuffle of one answer keeps its state: which record goes to which place, and where it stands in the reply.
///
/// Safe to use: all indices are below ``capacity``, which ``FastAnswer`` checks once for each set.
@safe struct ShuffleScratch {
    /// Larger sets are left to the full path.
    static let capacity = 255

    private let order: UnsafeMutablePointer<UInt8>
    private let positions: UnsafeMutablePointer<UInt16>

    init() {
        unsafe order = .allocate(capacity: Self.capacity)
        unsafe order.initialize(repeating: 0, count: Self.capacity)
        unsafe positions = .allocate(capacity: Self.capacity)
        unsafe positions.initialize(repeating: 0, count: Self.capacity)
    }

    func deallocate() {
        unsafe order.deallocate()
        unsafe positions.deallocate()
    }

    @inline(__always)
    func reset(count: Int) {
        for index in 0..<count { unsafe order[index] = UInt8(truncatingIfNeeded: index) }
    }

    /// Swaps two places.
    ///
    /// - Returns: the record that is at `place` then.
    @inline(__always)
    func take(_ place: Int, _ drawn: Int) -> Int {
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

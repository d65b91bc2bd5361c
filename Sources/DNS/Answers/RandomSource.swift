/// Random numbers for the order of answers: fast and even, not secret (wyrand).
struct RandomSource {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0xa076_1d64_78bd_642f
        let product = state.multipliedFullWidth(by: state ^ 0xe703_7ed1_a0b4_28db)
        return product.high ^ product.low
    }
}

/// The draws of one shuffle (Fisher-Yates, from the front): the place of answer `i` among `n` is `i` plus a draw below
/// `n - i`. Two draws are made of one random number.
struct Draws {
    private var word: UInt64 = 0
    private var isHalfUsed = false

    /// A number from 0 to `bound - 1`; the error against an even chance is at most `bound` / 2^32.
    @inline(__always)
    mutating func below(_ bound: Int, _ random: inout RandomSource) -> Int {
        word = isHalfUsed ? word &>> 32 : random.next()
        isHalfUsed.toggle()
        return Int(truncatingIfNeeded: ((word & 0xffff_ffff) &* UInt64(truncatingIfNeeded: bound)) &>> 32)
    }
}

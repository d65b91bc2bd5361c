/// Holds back replies of one kind to the clients of one network when they ask for more than so many in a second.
///
/// Who forges the address of a victim makes many clients' servers flood it; this makes ours useless for that. Honest
/// clients in the same network still get through: every other reply that is held back becomes a short one that sends
/// them to TCP, or gives them a cookie to show, neither of which a forger gets to see.
///
/// A table of fixed size, whose places are shared by whatever falls on them: the last one to come owns the place, so
/// at worst too much is let through. One thread's own, so nothing is locked.
///
/// Safe to use: the memory is allocated, initialised and freed here, and indices are masked to its size.
@safe struct RateLimiter: ~Copyable {
    /// What kinds of replies are counted apart, so that a flood of one does not silence another.
    enum Kind: UInt64 {
        case answer, noData, nameError
        /// Those that take more than a look: judged before that is done, whatever would come of it.
        case worked
        /// To what is malformed, or no question.
        case other
    }

    enum Verdict: Equatable {
        case send
        /// A short reply in place of the real one.
        case slip
        case drop
    }

    /// Of one network and kind: thousandths of replies that it may still have.
    private struct Allowance {
        var tag: UInt32 = 0
        /// When it was last seen.
        var milliseconds: UInt32 = 0
        var thousandths: UInt32 = 0
        var held: UInt32 = 0
    }

    private let allowances: UnsafeMutablePointer<Allowance>
    private let capacity: Int
    private let seed: UInt64
    /// Replies per second; the same number may come at once.
    private let rate: UInt32
    private let limitsLoopback: Bool

    /// Places: 1 MiB, of which a thread touches what its clients' networks need.
    private static let places = 1 << 16
    /// Every so many that are held back, one slips through.
    private static let slip: UInt32 = 2
    /// More is no limit in practice, and would overflow.
    static let highestRate = 1_000_000

    /// - Parameter rate: replies per second; `nil`: no limit, and no memory.
    init(rate: Int?, limitsLoopback: Bool = false, seed: UInt64 = .random(in: .min ... .max)) {
        self.rate = UInt32(clamping: min(rate ?? 0, Self.highestRate))
        self.limitsLoopback = limitsLoopback
        self.seed = seed
        capacity = rate == nil ? 0 : Self.places
        unsafe allowances = .allocate(capacity: capacity)
        unsafe allowances.initialize(repeating: Allowance(), count: capacity)
    }

    deinit { unsafe allowances.deallocate() }

    @inline(__always) var isOn: Bool { capacity > 0 }

    /// Decides about one reply; to be asked only if ``isOn``.
    mutating func judge(_ kind: Kind, to source: IPAddress, at milliseconds: UInt32) -> Verdict {
        guard limitsLoopback || !source.isLoopback else { return .send }
        let hash = hash(source, kind)
        let place = unsafe allowances + Int(truncatingIfNeeded: hash) & (capacity &- 1)
        // Never 0, which an unused place has.
        let tag = UInt32(truncatingIfNeeded: hash &>> 32) | 1
        var allowance = unsafe place.pointee
        if allowance.tag == tag {
            let passed = min(milliseconds &- allowance.milliseconds, 1000)
            allowance.thousandths = min(allowance.thousandths &+ passed &* rate, rate &* 1000)
        } else {
            allowance = Allowance(tag: tag, thousandths: rate &* 1000)
        }
        allowance.milliseconds = milliseconds
        let verdict = Self.verdict(&allowance)
        unsafe place.pointee = allowance
        return verdict
    }

    private static func verdict(_ allowance: inout Allowance) -> Verdict {
        guard allowance.thousandths < 1000 else {
            allowance.thousandths &-= 1000
            return .send
        }
        allowance.held &+= 1
        return allowance.held % slip == 0 ? .slip : .drop
    }

    /// Of a /24 or /56 and the kind; seeded, so that nobody outside can make others share a place.
    private func hash(_ source: IPAddress, _ kind: Kind) -> UInt64 {
        let network =
            switch source {
            case .v4(let number): UInt64(number &>> 8)
            case .v6(let high, _): high &>> 8 | 1 &<< 63
            }
        let product = (network ^ kind.rawValue &<< 56 ^ seed).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        let mixed = product.high ^ product.low
        let second = mixed.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
        return second.high ^ second.low
    }
}

extension RateLimiter.Kind {
    /// The kind of a reply with these header octets.
    @inline(__always)
    init(code: UInt8, answers: UInt16) {
        self =
            switch code & 0xf {
            case 0: answers > 0 ? .answer : .noData
            case UInt8(truncatingIfNeeded: ResponseCode.nameError.rawValue): .nameError
            default: .other
            }
    }
}

import DNS

/// The attempts to have one question answered: the recursors in their order, each when the one before has failed or has
/// been silent for a second. What comes first is taken, but for old answers: those only when nobody has a fresh one.
struct Attempts {
    enum Step: Equatable {
        case wait
        /// The recursor of this number is to be asked.
        case ask(Int)
        /// `nil`: nobody could tell.
        case finish(ForeignAnswer?)
    }

    /// How long a recursor may be silent until the next one is asked too.
    static let patience = Duration.seconds(1)
    /// How long a client is kept waiting: less than the 5 seconds after which the C libraries ask again, and than the 4 of
    /// Docker's own DNS server.
    static let limit = Duration.milliseconds(3800)

    private let recursors: Int
    private let begin: ContinuousClock.Instant
    private var lastAsked: ContinuousClock.Instant
    private var asked = 1
    private var silent = 1
    private var stale: ForeignAnswer?

    /// The first recursor, 0, is to be asked `now`.
    ///
    /// - Parameter recursors: at least 1.
    init(recursors: Int, at now: ContinuousClock.Instant) {
        self.recursors = recursors
        begin = now
        lastAsked = now
    }

    /// - Parameter answer: a recursor's, or its failure.
    mutating func take(_ answer: ForeignAnswer?, at now: ContinuousClock.Instant) -> Step {
        silent -= 1
        if let answer {
            guard answer.isStale else { return .finish(answer) }
            stale = stale ?? answer
        }
        if asked < recursors { return askNext(at: now) }
        return silent == 0 ? .finish(stale) : .wait
    }

    /// What is to be done because time passes.
    mutating func tick(at now: ContinuousClock.Instant) -> Step {
        if now - begin >= Self.limit { return .finish(stale) }
        return asked < recursors && now - lastAsked >= Self.patience ? askNext(at: now) : .wait
    }

    private mutating func askNext(at now: ContinuousClock.Instant) -> Step {
        defer { asked += 1 }
        lastAsked = now
        silent += 1
        return .ask(asked)
    }
}

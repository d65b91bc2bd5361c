import Synchronization

/// One thread's eyes on an ``AnswerTable``.
struct AnswerReader: ~Copyable {
    private let table: AnswerTable
    private let cell: EpochCell
    private var slots: SlotArray
    private var registries = RegistryNames([])
    private var zonesVersion: UInt64 = 0
    /// Whether some names were not published, when this look began, that exist.
    private(set) var isLoading = false
    /// What is said of names that lie in none of the zones.
    private(set) var notAuthoritative = ExtendedError.notAuthoritative([])
    /// The second name of the registry's domain, and its form for look-ups.
    private(set) var alternative: AlternativeDomain?
    private var alternativeKey = AlternativeKey(nil)
    let policy: AnswerPolicy
    var cookies: CookieKeys
    /// Where shuffles come from.
    var random: RandomSource

    init(_ table: AnswerTable, seed: UInt64 = .random(in: .min ... .max)) {
        self.table = table
        policy = table.policy
        cookies = CookieKeys(master: table.cookieKey)
        cell = table.epochs.makeCell()
        slots = SlotArray(address: table.slots.load(ordering: .acquiring))
        random = RandomSource(seed: seed)
    }

    deinit { table.epochs.discard(cell) }

    /// Lets `body` look names up. Records it found are valid until it returns.
    mutating func look<Result>(_ body: (inout AnswerReader) -> Result) -> Result {
        enter()
        defer { leave() }
        return body(&self)
    }

    /// Starts a look at the table as it is now. Records found are valid until ``leave()``.
    @inline(__always)
    mutating func enter() {
        cell.enter()
        // First: what is not found after it was false does not exist.
        isLoading = table.isLoading
        slots = SlotArray(address: table.slots.load(ordering: .acquiring))
        if slots.zonesVersion != zonesVersion { refreshZones() }
    }

    @inline(__always)
    func leave() { cell.leave() }

    @inline(never)
    private mutating func refreshZones() {
        // What is in the lock belongs together.
        let zones = table.zones.withLock { zones in
            slots = SlotArray(address: table.slots.load(ordering: .acquiring))
            return zones
        }
        zonesVersion = slots.zonesVersion
        registries = RegistryNames(zones)
        alternative =
            zones.lazy.compactMap { zone in
                zone.alternative.map { AlternativeDomain(apex: zone.apex, alternative: $0) }
            }.first
        alternativeKey = AlternativeKey(alternative)
        notAuthoritative = .notAuthoritative(zones)
    }

    @inline(__always)
    var isAwaitingNames: Bool { table.isAwaitingNames }

    /// Has a name published that exists. Records found before are not valid any more.
    mutating func load(_ key: borrowing NameKey) {
        leave()
        table.load(key.name)
        enter()
    }

    /// Turns a registry's name into its plain spelling, the one that the table knows.
    @inline(__always)
    func rewrite(_ key: inout NameKey) { registries.rewrite(&key) }

    /// Whether a name lies in the alternative domain.
    @inline(__always)
    func isAlternative(_ key: borrowing NameKey) -> Bool { alternativeKey.matches(key) }

    /// Turns a name of the alternative domain into the one that it stands for.
    ///
    /// - Returns: false, and nothing is changed, if that would be too long.
    func rewriteAlternative(_ key: inout NameKey) -> Bool { alternativeKey.rewrite(&key) }

    @inline(__always)
    func hash(_ key: borrowing NameKey) -> UInt64 { key.hash(seed: slots.seed) }

    /// The record owned by the suffix of `key` that starts at `start`.
    func find(_ key: borrowing NameKey, from start: Int = 0) -> AnswerRecord? {
        slots.find(key, from: start, hash: key.hash(from: start, seed: slots.seed))
    }

    @inline(__always)
    func find(_ key: borrowing NameKey, hash: UInt64) -> AnswerRecord? { slots.find(key, from: 0, hash: hash) }

    /// What a computed name of a registry zone stands for; `nil` for other names.
    func computedAddress(_ key: borrowing NameKey) -> ComputedAddress? { registries.computedAddress(key) }

    /// What is worked out for a name. Costs whatever time that takes.
    func supplement(_ name: DomainName, _ type: RecordType) -> WorkedOutAnswer? { table.supplement?(name, type) }

    @inline(__always)
    func prefetchSlot(_ hash: UInt64) { slots.prefetch(hash) }

    @inline(__always)
    func candidate(_ hash: UInt64) -> AnswerRecord? { slots.candidate(hash: hash) }
}

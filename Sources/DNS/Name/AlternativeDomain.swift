/// A second name for a zone's apex: every name below the one stands for the same name below the other, and what is said of
/// it is said in the words that were asked in.
struct AlternativeDomain: Sendable {
    let apex: DomainName
    let alternative: DomainName

    /// The name of the zone that a name of the alternative domain stands for; `nil` if there is none, for its length.
    func original(_ name: DomainName) -> DomainName? { name.moved(from: alternative, to: apex) }

    /// What a name of the zone is called in the alternative domain; any other name, and one that would be too long, is left
    /// as it is.
    func translated(_ name: DomainName) -> DomainName {
        guard name.isSubdomain(of: apex) else { return name }
        return name.moved(from: apex, to: alternative) ?? name
    }
}

extension DomainName {
    /// - Parameter old: an ancestor of this name, or itself.
    /// - Returns: `nil` if the name is too long then.
    fileprivate func moved(from old: DomainName, to new: DomainName) -> DomainName? {
        try? DomainName(uncheckedWire: wire.dropLast(old.wire.count) + [0]).appending(new)
    }
}

/// The same for look-ups: turns names of the alternative domain into the ones that they stand for, in place.
struct AlternativeKey: ~Copyable {
    private let apex: NameKey
    private let alternative: NameKey
    private let isThere: Bool

    init(_ domain: AlternativeDomain?) {
        isThere = domain != nil
        apex = NameKey(domain?.apex ?? .root)
        alternative = NameKey(domain?.alternative ?? .root)
    }

    /// Whether the name lies in the alternative domain.
    @inline(__always)
    func matches(_ key: borrowing NameKey) -> Bool {
        guard isThere, key.length >= alternative.length else { return false }
        return isBelow(key)
    }

    private func isBelow(_ key: borrowing NameKey) -> Bool {
        let start = key.length - alternative.length
        guard key.isEqual(from: start, to: alternative) else { return false }
        var label = 0
        while label < start { label = key.nextLabel(label) }
        return label == start
    }

    /// - Returns: false, and nothing is changed, if the name would be too long.
    func rewrite(_ key: inout NameKey) -> Bool {
        let start = key.length - alternative.length
        guard start + apex.length <= DomainName.maximumLength else { return false }
        key.replaceSuffix(from: start, with: apex)
        return true
    }
}

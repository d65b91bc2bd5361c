import DNS

/// The names between the reverse zones of files and the addresses of the registry that lie in them. They exist because
/// names below them do (RFC 8020):
///
///     10.in-addr.arpa             a zone, and
///     1.0.0.10.in-addr.arpa       an address: so there are
///     0.10.in-addr.arpa           and 0.0.10.in-addr.arpa
struct ReverseParents {
    private let zones: [DomainName]
    /// How many addresses lie below each name.
    private var counts: [DomainName: Int] = [:]

    /// The domains of all reverse names.
    private static let domains = ["in-addr.arpa", "ip6.arpa"].compactMap { try? DomainName(text: $0) }

    /// - Parameter zones: of files; none but reverse zones matters.
    init(in zones: [DomainName] = []) {
        self.zones = zones.filter { zone in
            Self.domains.contains { zone.isSubdomain(of: $0) || $0.isSubdomain(of: zone) }
        }
    }

    /// Whether there is anything to be told.
    var hasZones: Bool { !zones.isEmpty }

    func contains(_ name: DomainName) -> Bool { counts[name] != nil }

    /// - Parameter address: one that was not there.
    mutating func add(_ address: IPAddress) {
        for name in parents(of: address) { counts[name, default: 0] += 1 }
    }

    /// - Parameter address: one that was added.
    mutating func remove(_ address: IPAddress) {
        for name in parents(of: address) {
            guard let count = counts[name] else { continue }
            counts[name] = count > 1 ? count - 1 : nil
        }
    }

    private func parents(of address: IPAddress) -> [DomainName] {
        var parents: [DomainName] = []
        var next = address.reverseName.parent
        while let name = next, zones.contains(where: { name != $0 && name.isSubdomain(of: $0) }) {
            parents.append(name)
            next = name.parent
        }
        return parents
    }
}

package import DNS

/// Something about a zone that does not keep it from being served, but others from finding it (RFC 1035 5.2).
package struct ZoneFileWarning: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case noNameServer(apex: DomainName)
        /// A server whose name only this zone can have an address for, and has not.
        case noAddress(server: DomainName, owner: DomainName)
        /// Warnings that are not told.
        case others(count: Int)
    }

    package var file: String
    /// Counted from 1; `nil`: the file as a whole.
    package var line: Int?
    package var reason: Reason
}

extension ZoneFileWarning.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noNameServer(let apex):
            "\(apex) has no NS record; add one for each server of the zone, as others look for them"
        case .noAddress(let server, let owner):
            "\(server), a name server of \(owner), has no A or AAAA record in this zone, where it is looked for; add one"
        case .others(let count):
            "and \(count) more"
        }
    }
}

extension ZoneContents {
    private static let mostWarnings = 20

    /// What is doubtful about the zone's name servers, and those of its delegations.
    ///
    /// - Parameters:
    ///   - records: that the zone was made of.
    ///   - path: of the zone file.
    func warnings(about records: [MasterRecord], in path: String) -> [ZoneFileWarning] {
        var warnings: [ZoneFileWarning] = []
        func warn(_ record: MasterRecord, _ reason: ZoneFileWarning.Reason) {
            warnings.append(ZoneFileWarning(file: record.file ?? path, line: record.line, reason: reason))
        }
        if !sets.has(zone.apex, .ns), let soa = records.first(where: { $0.type == .soa }) {
            warn(soa, .noNameServer(apex: zone.apex))
        }
        for record in records where record.type == .ns {
            guard let server = try? DomainName(wire: record.rdata), lacksAddress(server, of: record.owner)
            else { continue }
            warn(record, .noAddress(server: server, owner: record.owner))
        }
        let untold = warnings.count - Self.mostWarnings
        guard untold > 0 else { return warnings }
        return warnings.prefix(Self.mostWarnings)
            + [ZoneFileWarning(file: path, line: nil, reason: .others(count: untold))]
    }

    private func lacksAddress(_ server: DomainName, of owner: DomainName) -> Bool {
        guard server.isSubdomain(of: zone.apex), !sets.has(server, .a), !sets.has(server, .aaaa) else {
            return false
        }
        // What is delegated to others than this server is for those to know.
        if isDelegated(server), owner == zone.apex || !server.isSubdomain(of: owner) { return false }
        return !hasStandIn(server)
    }

    /// True if a wildcard or a DNAME record may answer for a name.
    private func hasStandIn(_ name: DomainName) -> Bool {
        var ancestor = name.parent
        while let parent = ancestor, parent.isSubdomain(of: zone.apex) {
            let wildcard = try? DomainName(labels: [[UInt8(ascii: "*")]]).appending(parent)
            if sets.has(parent, .dname) || wildcard.map({ !sets[$0].isEmpty }) ?? false { return true }
            ancestor = parent.parent
        }
        return false
    }
}

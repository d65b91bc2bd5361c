import DNS
import Registry

/// The names that browsers start at (RFC 6763):
///
///     _services._dns-sd._udp.<apex>   PTR: the services (9)
///     b._dns-sd._udp.<apex>           PTR: where to browse, which is here (11)
struct BrowsingNames {
    let zone: RegistryZone

    /// How many services a list of all names: more than a reply over TCP has room for.
    private static let longestList = 3000

    enum Question {
        case services
        case domains

        /// - Parameter labels: those before the domain, in lower case.
        /// - Returns: `nil` for another name.
        init?(_ labels: [[UInt8]]) {
            guard labels.count == 3, labels.dropFirst().elementsEqual([Array("_dns-sd".utf8), Array("_udp".utf8)])
            else {
                return nil
            }
            switch String(decoding: labels[0], as: UTF8.self) {
            case "_services": self = .services
            case "b", "db", "lb": self = .domains
            default: return nil
            }
        }
    }

    func records(_ question: Question, at name: DomainName, in snapshot: CatalogSnapshot) -> OwnerRecords {
        let targets: [DomainName] =
            switch question {
            case .domains: [zone.agent.domain]
            case .services:
                snapshot.someServices(Self.longestList).flatMap { service in
                    protocols(of: service, in: snapshot).compactMap { zone.browsingName(of: service, $0) }
                }
            }
        return OwnerRecords(owner: name, sets: targets.isEmpty ? [] : [zone.set(name, .ptr, targets.map(\.wire))])
    }

    /// In order, each once.
    private func protocols(of service: ServiceName, in snapshot: CatalogSnapshot) -> [TransportProtocol] {
        let instances = snapshot.service(service)?.instances ?? []
        return Set(instances.lazy.compactMap(\.instance.value.browsingProtocol)).sorted()
    }
}

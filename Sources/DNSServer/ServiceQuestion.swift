import DNS
import Registry

/// What a name that is worked out asks of a service.
struct ServiceQuestion {
    enum Wanted {
        case all
        /// The labels of tags, any number of them, in lower case.
        case tags([[UInt8]])
        /// `_<service>._udp` and the like.
        case transport(TransportProtocol)
        /// `<id>._<service>._tcp`: one instance, or those of several nodes that have the same id.
        case instance([UInt8], TransportProtocol)
    }

    /// What of the records at the name; the rest need not be made.
    enum Part: Hashable {
        case text
        case pointers
        case places
        case everything

        init(_ type: RecordType) {
            self =
                switch type {
                case .txt: .text
                case .ptr: .pointers
                case .any: .everything
                default: .places
                }
        }
    }

    var service: ServiceName
    var wanted: Wanted

    /// - Parameter labels: those before the domain, in lower case.
    /// - Returns: `nil` for a name that is no service's.
    init?(_ labels: [[UInt8]]) {
        guard labels.count > 1, let last = labels.last else { return nil }
        let name: ArraySlice<UInt8>
        if last == Self.service {
            if labels.count == 3, labels[0].first == Self.underscore, let transport = Self.transport(labels[1]) {
                name = labels[0].dropFirst()
                wanted = .transport(transport)
            } else {
                name = labels[labels.count - 2][...]
                wanted = labels.count == 2 ? .all : .tags(Array(labels.dropLast(2)))
            }
        } else {
            guard labels.count == 3, labels[1].first == Self.underscore, let transport = Self.transport(last) else {
                return nil
            }
            name = labels[1].dropFirst()
            wanted = .instance(labels[0], transport)
        }
        do {
            service = try ServiceName(String(decoding: name, as: UTF8.self), policy: .allow)
        } catch {
            return nil
        }
    }

    private static let service = Array("service".utf8)
    private static let underscore = UInt8(ascii: "_")

    /// `_udp`
    private static func transport(_ label: [UInt8]) -> TransportProtocol? {
        label.first == underscore
            ? TransportProtocol(rawValue: String(decoding: label.dropFirst(), as: UTF8.self)) : nil
    }
}

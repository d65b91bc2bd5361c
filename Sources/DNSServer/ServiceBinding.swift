import DNS
import Registry

/// An SVCB or HTTPS record of an instance (RFC 9460), which its meta asks for:
///
///     https-alpn      protocols, the preferred first: "h3,h2"; empty: that of the scheme alone. Makes the HTTPS record.
///     https-priority  1 to 65535, the least is tried first; 1 where it is not given
///     svcb-alpn, svcb-priority    the same for the SVCB record
///
/// Target, port and address are the instance's own.
struct ServiceBinding: Equatable {
    enum Kind: String, CaseIterable {
        case https
        case svcb

        var type: RecordType {
            switch self {
            case .https: .https
            case .svcb: .svcb
            }
        }

        var alpnKey: String { "\(rawValue)-alpn" }
        var priorityKey: String { "\(rawValue)-priority" }
    }

    let kind: Kind
    /// Priority, target, then parameters by their numbers (RFC 9460 2.2).
    let rdata: [UInt8]

    private enum Parameter {
        static let alpn: UInt16 = 1
        static let port: UInt16 = 3
        static let ipv4Hint: UInt16 = 4
        static let ipv6Hint: UInt16 = 6
    }

    /// All records of an instance but those that its meta has wrong.
    static func all(
        of instance: ServiceInstance, target: DomainName, _ addresses: AddressPair
    ) -> [ServiceBinding] {
        guard !instance.meta.isEmpty else { return [] }
        return Kind.allCases.compactMap { kind in
            (try? BindingMeta(instance.meta, kind)).map { meta in
                ServiceBinding(kind, meta, target: target, port: instance.port, addresses)
            }
        }
    }

    private init(_ kind: Kind, _ meta: BindingMeta, target: DomainName, port: UInt16, _ addresses: AddressPair) {
        self.kind = kind
        var rdata: [UInt8] = []
        rdata.append(bigEndian: meta.priority)
        rdata += target.wire
        func append(_ parameter: UInt16, _ value: [UInt8]) {
            rdata.append(bigEndian: parameter)
            rdata.append(bigEndian: UInt16(value.count))
            rdata += value
        }
        if !meta.protocols.isEmpty {
            append(Parameter.alpn, meta.protocols.flatMap { [UInt8($0.utf8.count)] + $0.utf8 })
        }
        if port != 0 {
            var octets: [UInt8] = []
            octets.append(bigEndian: port)
            append(Parameter.port, octets)
        }
        if let address = addresses.v4 { append(Parameter.ipv4Hint, address.octets) }
        if let address = addresses.v6 { append(Parameter.ipv6Hint, address.octets) }
        self.rdata = rdata
    }
}

/// What an instance's meta says of one kind of record.
struct BindingMeta: Equatable {
    let priority: UInt16
    /// ALPN identifiers, each 1 to 255 octets; all of them together at most ``longestList``.
    let protocols: [String]

    /// Octets of the text: leaves a datagram room for other instances.
    static let longestList = 255

    /// - Returns: `nil` if there is nothing of the kind in it.
    init?(_ meta: [String: String], _ kind: ServiceBinding.Kind) throws(BindingMetaError) {
        let priority = meta[kind.priorityKey]
        guard let list = meta[kind.alpnKey] else {
            guard priority == nil else { throw BindingMetaError(key: kind.priorityKey, needs: kind.alpnKey) }
            return nil
        }
        guard let number = UInt16(priority ?? "1"), number > 0 else {
            throw BindingMetaError(key: kind.priorityKey, must: "be a number from 1 to 65535")
        }
        self.priority = number
        protocols = try Self.protocols(list, kind.alpnKey)
    }

    private static func protocols(_ list: String, _ key: String) throws(BindingMetaError) -> [String] {
        guard list.utf8.count <= longestList else {
            throw BindingMetaError(key: key, must: "have at most \(longestList) octets")
        }
        guard !list.isEmpty else { return [] }
        var names: [String] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            var name = part.drop { $0 == " " }
            while name.last == " " { name.removeLast() }
            names.append(String(name))
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw BindingMetaError(key: key, must: "be protocols such as h2, parted by commas")
            }
        }
        guard Set(names).count == names.count else { throw BindingMetaError(key: key, must: "name each protocol once") }
        return names
    }
}

/// Meta that no record can be made of.
struct BindingMetaError: Error, Equatable, CustomStringConvertible {
    let key: String
    let description: String

    /// - Parameter requirement: what comes behind "must".
    init(key: String, must requirement: String) {
        self.key = key
        description = "\(key) must \(requirement); there is no such record for this instance"
    }

    init(key: String, needs other: String) {
        self.key = key
        description = "\(key) says nothing without \(other); add that, or remove it"
    }
}

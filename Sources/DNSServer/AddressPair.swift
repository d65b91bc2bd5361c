import DNS
import Registry

/// What is answered for A and what for AAAA: at most one address of each family.
struct AddressPair: Hashable {
    private(set) var v4: IPAddress?
    private(set) var v6: IPAddress?

    /// Consul's words for the addresses of either family that are told inside a datacenter.
    private static let tags = (v4: "lan_ipv4", v6: "lan_ipv6")

    /// - Parameter address: `nil`: none.
    init(_ address: IPAddress? = nil) {
        switch address {
        case .v4: v4 = address
        case .v6: v6 = address
        case nil: break
        }
    }

    /// A node's addresses: those that it is tagged with, else its own.
    init(of node: Node) { self.init(tagged: { node.taggedAddresses[$0] }, else: AddressPair(node.address.ip)) }

    /// The address of each family that has the tag for it, else that of `usual`.
    init(tagged: (String) -> Address?, else usual: AddressPair) {
        self = usual
        if let address = tagged(Self.tags.v4)?.ip, case .v4 = address { v4 = address }
        if let address = tagged(Self.tags.v6)?.ip, case .v6 = address { v6 = address }
    }

    var isEmpty: Bool { v4 == nil && v6 == nil }

    func forEach(_ body: (IPAddress) -> Void) {
        if let v4 { body(v4) }
        if let v6 { body(v6) }
    }
}

/// A machine that services run on.
package struct Node: Hashable, Sendable {
    package var name: NodeName
    /// A UUID in lower-case text form.
    package var id: String
    package var address: Address
    /// Addresses by role: `lan`, `wan`, ...
    package var taggedAddresses: [String: Address]
    package var meta: [String: String]

    package init(
        name: NodeName, id: String, address: Address, taggedAddresses: [String: Address] = [:],
        meta: [String: String] = [:]
    ) {
        self.name = name
        self.id = id
        self.address = address
        self.taggedAddresses = taggedAddresses
        self.meta = meta
    }
}

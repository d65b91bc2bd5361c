package import Registry

/// How long answers about the registry may be remembered, in whole seconds up to 2^31 - 1 (RFC 2181 8).
///
/// Short unless said otherwise, since containers come and go, but not zero: nginx asks again on every request for what
/// may not be remembered at all.
package struct TimesToLive: Hashable, Sendable {
    /// Of a node's address, an `addr` name, a reverse name.
    package var node: UInt32
    /// Of a name's absence (RFC 2308 4).
    package var negative: UInt32
    private let services: ByService<UInt32>

    private static let usual: UInt32 = 1

    /// - Parameter services: by the name of a service, or by the start of names and a final `*`.
    package init(services: [String: UInt32] = [:], node: UInt32 = usual, negative: UInt32 = usual) {
        self.node = node
        self.negative = negative
        self.services = ByService(services, usual: Self.usual)
    }

    /// Of a service's records: what is said of its name, else of the longest start of it, else one second.
    package func seconds(for service: ServiceName) -> UInt32 { services[service] }
}

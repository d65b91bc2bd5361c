/// What is spoken at a port.
package enum TransportProtocol: String, CaseIterable, Comparable, Hashable, Sendable {
    case tcp
    case udp
    case sctp

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

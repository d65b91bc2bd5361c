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
    /// By name in lower case.
    private var exact: [String: UInt32] = [:]
    /// The longest prefix first.
    private var prefixes: [Prefix] = []

    private struct Prefix: Hashable {
        var text: String
        var seconds: UInt32
    }

    private static let usual: UInt32 = 1

    /// - Parameter services: by the name of a service, or by the start of names and a final `*`.
    package init(services: [String: UInt32] = [:], node: UInt32 = usual, negative: UInt32 = usual) {
        self.node = node
        self.negative = negative
        for (pattern, seconds) in services {
            let pattern = CaselessText(pattern).folded
            if pattern.hasSuffix("*") {
                prefixes.append(Prefix(text: String(pattern.dropLast()), seconds: seconds))
            } else {
                exact[pattern] = seconds
            }
        }
        prefixes.sort { $0.text.utf8.count > $1.text.utf8.count }
    }

    /// Of a service's records: what is said of its name, else of the longest start of it, else one second.
    package func seconds(for service: ServiceName) -> UInt32 {
        exact[service.folded] ?? prefixes.first { service.folded.hasPrefix($0.text) }?.seconds ?? Self.usual
    }
}

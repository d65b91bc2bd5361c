import NIOSSL
import Registry
import Synchronization

/// TLS for probes. What the host trusts is read once, which takes much longer than a probe.
enum ProbeTLS {
    private struct Kind: Hashable {
        var isTrusting: Bool
        var protocols: [String]
    }

    private static let contexts = Mutex<[Kind: NIOSSLContext]>([:])

    /// - Parameters:
    ///   - name: that the certificate must be for; empty: the host's.
    ///   - isTrusting: whether any certificate will do.
    ///   - protocols: what is spoken (ALPN).
    static func handler(
        for host: Address, name: String, skipping isTrusting: Bool, protocols: [String] = []
    ) throws -> NIOSSLClientHandler {
        // A certificate for an address is held against the address itself.
        let name = name.isEmpty ? (host.ip == nil ? host.text : nil) : name
        return try NIOSSLClientHandler(
            context: context(Kind(isTrusting: isTrusting, protocols: protocols)), serverHostname: name)
    }

    private static func context(_ kind: Kind) throws -> NIOSSLContext {
        try contexts.withLock { contexts in
            if let known = contexts[kind] { return known }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.applicationProtocols = kind.protocols
            if kind.isTrusting { configuration.certificateVerification = .none }
            let context = try NIOSSLContext(configuration: configuration)
            contexts[kind] = context
            return context
        }
    }
}

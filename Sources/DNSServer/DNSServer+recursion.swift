import DNS
import Forwarding
import Logging

extension DNSServer {
    /// - Returns: `nil` without recursors.
    static func recursion(_ configuration: Configuration, _ logger: Logger) throws(DNSServerError) -> Recursion? {
        guard !configuration.recursors.isEmpty else { return nil }
        do {
            let resolver = try ForwardingResolver(recursors: configuration.recursors, logger: logger)
            return Recursion(resolver, for: configuration.recursionClients)
        } catch {
            throw .noRecursion(error)
        }
    }
}

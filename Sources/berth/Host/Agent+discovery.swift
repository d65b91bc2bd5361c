import DNS
import Foundation
import Logging
import Registry
import Settings

extension Agent {
    /// Fills what the settings leave open from this host, and keeps the node's id if the catalog has one.
    init(_ identity: Settings.Identity, known catalog: CatalogSnapshot, logger: Logger) {
        let node = identity.node ?? Self.nodeName(logger: logger)
        self.init(
            node: node, nodeID: Self.knownID(of: node, in: catalog) ?? UUID().uuidString.lowercased(),
            address: identity.advertise ?? Self.address(logger: logger),
            datacenter: identity.datacenter, domain: identity.domain, alternativeDomain: identity.alternativeDomain)
    }

    private static func nodeName(logger: Logger) -> NodeName {
        let host = HostName.discover()
        if host.node.text != host.original {
            logger.notice(
                "the host's name is no DNS label, so the node's name is rewritten; --node sets another",
                metadata: ["host": "\(host.original)", "node": "\(host.node.text)"])
        }
        return host.node
    }

    private static func address(logger: Logger) -> IPAddress {
        let found = AdvertisedAddress.discover()
        if let doubt = found.doubt {
            logger.warning(
                "the advertised address is a guess; --advertise sets it",
                metadata: ["address": "\(found.address)", "reason": "\(doubt)"])
        }
        return found.address
    }
}

extension Node {
    /// The agent's own entry in the catalog.
    init(_ agent: Agent) { self.init(name: agent.node, id: agent.nodeID, address: Address(agent.address)) }
}

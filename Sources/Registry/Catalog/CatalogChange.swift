/// Every write the catalog knows, whoever sends it. The large ones are indirect, as they are handed on often.
package enum CatalogChange: Hashable, Sendable {
    /// Adds or replaces a node. Its instances and checks stay.
    case putNode(Node)
    /// Removes a node with all its instances and checks.
    case removeNode(NodeName)
    /// Adds or replaces an instance. `checks` replaces the instance's checks; `nil` keeps those it has. A check that
    /// was there before with an equal definition keeps its status and output. A check id that something else on the
    /// node used until now becomes this instance's.
    indirect case putInstance(ServiceInstance, checks: [HealthCheck]?)
    case removeInstance(InstanceKey)
    /// A check ran, or somebody reported for it. No such check: no change.
    case setStatus(CheckKey, HealthStatus, output: String)
    /// Adds or replaces one check of a node or an instance, with the status and output it says.
    indirect case putCheck(HealthCheck)
    case removeCheck(CheckKey)
    /// Nothing but an index of its own, for a change beside the catalog that readers tell by it, such as the serial of
    /// the DNS zone.
    case advance
    case key(KeyChange)
    indirect case session(SessionChange)
    /// Adds an event; the oldest goes where there are too many.
    indirect case event(Event)
    indirect case query(PreparedQueryChange)
    indirect case restoration(RestorationChange)
}

/// Why a change was refused. The catalog is as it was.
package enum CatalogError: Error, Equatable, Sendable {
    case unknownNode(NodeName)
    case unknownInstance(InstanceKey)
    /// The instance is derived from something else, and only that can alter or remove it.
    case derived(InstanceKey, from: Owner)
    /// The instance is registered with its node's agent, and keeps its tags.
    case agents(InstanceKey)
    /// The check is a container's own, and goes with it.
    case containersCheck(CheckKey)
    /// A check that the node's own Berth runs or times: only a registration there alters it.
    case keptHere(CheckKey)
    /// The node is this host, and registers itself.
    case ownNode(NodeName)
    /// The node's id is another's.
    case wrongNodeID(NodeName, id: String)
    /// An unknown node, and nothing says where it is.
    case missingAddress(NodeName)
    /// A session needs a node or a check that is not there, or a check that is critical.
    case missingNode(NodeName)
    case missingCheck(CheckID)
    case criticalCheck(CheckID)
    case unknownSession(SessionID)
    /// Another prepared query has the name, in whichever case; or an id that looks like it.
    case queryNameTaken(String)
    case queryNameIsID(String)
    /// One template at most has an empty name, and answers for every name.
    case secondCatchAll
    case unknownQuery(PreparedQueryID)
}

extension CatalogError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownNode(let name): "no node \"\(name.text)\" is registered"
        case .unknownInstance(let key): "no service with id \"\(key.id)\" is registered on node \"\(key.node.text)\""
        case .derived(let key, from: .docker(engine: _, let container)):
            "the service with id \"\(key.id)\" stands for container \(container.prefix(12)): use another id, or stop the "
                + "container"
        case .derived(let key, from: .agent), .agents(let key):
            "the service with id \"\(key.id)\" is registered with the agent: register it there, with EnableTagOverride if "
                + "the catalog is to change its tags"
        case .containersCheck(let key):
            "the check with id \"\(key.id)\" is the HEALTHCHECK of a container: use another id, or start the container "
                + "with --no-healthcheck"
        case .keptHere(let key):
            "the check with id \"\(key.id)\" is run by this agent: change it with /v1/agent/check, or use another id"
        case .ownNode(let name):
            "node \"\(name.text)\" is this host and stays; name the ServiceID or CheckID that is to go"
        case .wrongNodeID(let name, let id): "node \"\(name.text)\" cannot have the ID \(id): that is another node's"
        case .missingAddress(let name): "no node \"\(name.text)\" is registered yet: give its Address"
        case .missingNode(let name): "Missing node registration: no node \"\(name.text)\""
        case .missingCheck(let id): "Missing check '\(id)' registration"
        case .criticalCheck(let id): "Check '\(id)' is in critical state"
        case .unknownSession(let id): "invalid session \"\(id)\""
        case .queryNameTaken(let name): "name '\(name)' aliases an existing query name"
        case .queryNameIsID(let name): "name '\(name)' aliases an existing query ID"
        case .secondCatchAll: "a query template with an empty name already exists"
        case .unknownQuery(let id): "Cannot modify non-existent prepared query: '\(id)'"
        }
    }
}

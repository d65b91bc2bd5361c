/// Nodes and services, as answers show them.
extension Shape {
    static let node = Shape(
        "Node", "A node of the catalog.",
        .answer([
            Field("ID", .string(), "A UUID, or empty."), Field("Node", .string()), Field("Address", .string()),
            Field("Datacenter", .string()),
            Field("TaggedAddresses", .textMap, "By role: `lan`, `wan`, and these with `_ipv4` or `_ipv6`."),
            Field("Meta", .textMap), Field("CreateIndex", .index), Field("ModifyIndex", .index),
        ]))

    static let taggedAddress = Shape(
        "TaggedAddress", "A service's address in one role.",
        .answer([Field("Address", .string()), Field("Port", .port)]))

    static let weights = Shape(
        "Weights", "How much of the load an instance takes, by its health: also in SRV records.",
        .answer([Field("Passing", .port), Field("Warning", .port)]))

    private static let serviceFields = [
        Field("ID", .string()), Field("Service", .string(), "The service's name."), Field("Tags", .texts),
        Field("Meta", .textMap), Field("Port", .port), Field("Address", .string(), "Empty: the node's."),
        Field("TaggedAddresses", .map(of: .named(.taggedAddress))).leftOutAtTimes,
        Field("Weights", .named(.weights)), Field("EnableTagOverride", .boolean),
    ]

    /// Nobody here has a service mesh.
    private static let mesh: [Field] = [
        Field("Proxy", .answer([Field("MeshGateway", .nothing), Field("Expose", .nothing)])),
        Field("Connect", .nothing),
    ]

    static let agentService = Shape(
        "AgentService", "An instance on this node.", .answer(serviceFields))

    static let hashedService = Shape(
        "HashedService", "An instance on this node, with a hash of what is said of it.",
        .answer(serviceFields + [Field("ContentHash", .string(), "What to wait with: `?hash=`.")]))

    static let service = Shape(
        "Service", "An instance beside its node.",
        .answer(serviceFields + mesh + [Field("CreateIndex", .index), Field("ModifyIndex", .index)]))

    static let catalogService = Shape(
        "CatalogService", "An instance, and what is said of its node.",
        .answer([
            Field("ID", .string(), "The node's."), Field("Node", .string()),
            Field("Address", .string(), "The node's."), Field("Datacenter", .string()),
            Field("TaggedAddresses", .textMap), Field("NodeMeta", .textMap),
            Field("ServiceKind", .string(), "Empty."), Field("ServiceID", .string()), Field("ServiceName", .string()),
            Field("ServiceTags", .texts), Field("ServiceAddress", .string(), "Empty: the node's."),
            Field("ServiceTaggedAddresses", .map(of: .named(.taggedAddress))).leftOutAtTimes,
            Field("ServiceWeights", .named(.weights)), Field("ServiceMeta", .textMap), Field("ServicePort", .port),
            Field("ServiceEnableTagOverride", .boolean),
            Field("ServiceProxy", .answer([Field("MeshGateway", .nothing), Field("Expose", .nothing)])),
            Field("ServiceConnect", .nothing), Field("CreateIndex", .index), Field("ModifyIndex", .index),
        ]))

    static let nodeServices = Shape(
        "NodeServices", "A node with its services by their ids.",
        .answer([Field("Node", .named(.node)), Field("Services", .map(of: .named(.service)))]))

    static let nodeServiceList = Shape(
        "NodeServiceList", "A node with its services; null, both of them, where there is no such node.",
        .answer([
            Field("Node", .nullable(.named(.node))), Field("Services", .nullable(.array(of: .named(.service)))),
        ]))

    static let healthEntry = Shape(
        "HealthEntry", "An instance with its node and all checks that bear on it.",
        .answer([
            Field("Node", .named(.node)), Field("Service", .named(.service)),
            Field("Checks", .array(of: .named(.check)), "Those of the node and its own."),
        ]))

    static let uiNode = Shape(
        "UINode", "A node with all that is on it.",
        .answer([
            Field("ID", .string()), Field("Node", .string()), Field("Address", .string()),
            Field("TaggedAddresses", .textMap), Field("Meta", .textMap),
            Field("Services", .array(of: .named(.service))), Field("Checks", .array(of: .named(.check))),
        ]))

    static let uiService = Shape(
        "UIService", "A service in figures.",
        .answer([
            Field("Name", .string()), Field("Datacenter", .string()), Field("Tags", .texts), Field("Nodes", .texts),
            Field("InstanceCount", .index), Field("ChecksPassing", .index), Field("ChecksWarning", .index),
            Field("ChecksCritical", .index),
            Field("ExternalSources", .texts, "What instances have as `external-source` in their meta."),
            Field("GatewayConfig", .nothing),
        ]))

    static let coordinate = Shape(
        "Coordinate", "A point of Consul's space: the origin.",
        .answer([
            Field("Vec", .array(of: .number)), Field("Error", .number), Field("Adjustment", .number),
            Field("Height", .number),
        ]))

    static let nodeCoordinate = Shape(
        "NodeCoordinate", "Where a node is.",
        .answer([Field("Node", .string()), Field("Segment", .string()), Field("Coord", .named(.coordinate))]))
}

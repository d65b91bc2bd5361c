/// Services and nodes, as requests register them.
extension Shape {
    private static let taggedAddressRegistration = Schema.request([
        Field("Address", .address).needed, Field("Port", .port),
    ])

    private static let weightsRegistration = Schema.request([
        Field("Passing", .integer(from: 1, to: 65535)).needed, Field("Warning", .port, "0 if not said."),
    ])

    private static let serviceFields = [
        Field("ID", .line(most: 255), "The name if not said."),
        Field("Tags", .array(of: .line, most: 256), "16 KiB together."),
        Field("Address", .address, "Empty: the node's."), Field("Port", .port),
        Field("Meta", .meta, "Keys that begin with `consul-` are refused."),
        Field("TaggedAddresses", .map(of: taggedAddressRegistration, most: 64)),
        Field("Weights", weightsRegistration, "1 and 1 if not said."), Field("EnableTagOverride", .boolean),
        Field("Kind", .word(of: ["", "typical"]), "There is no service mesh."),
        Field("Proxy", .anything, "Empty."), Field("Connect", .anything, "Empty."),
    ]

    static let serviceRegistration = Shape(
        "ServiceRegistration", "A service on this node, with checks.",
        .request(
            [Field("Name", .serviceName).needed] + serviceFields + [
                Field("Check", .named(.serviceCheck)), Field("Checks", .array(of: .named(.serviceCheck), most: 64)),
                Field("Token", .line, "Not looked at."),
            ]))

    static let catalogServiceRegistration = Shape(
        "CatalogServiceRegistration", "A service on any node.",
        .request(
            [Field("Service", .serviceName, "The service's name.").needed] + serviceFields + [
                Field("ContentHash", .anything, "Not looked at, like the next ones."),
                Field("CreateIndex", .anything), Field("ModifyIndex", .anything),
            ]))

    static let catalogRegistration = Shape(
        "CatalogRegistration", "A node, and with it a service and checks.",
        .request([
            Field("Node", .nodeName).needed,
            Field("ID", .either([.string(format: "uuid"), .word(of: [""])])),
            Field("Address", .address, "Needed unless `SkipNodeUpdate` is true."),
            Field("Datacenter", .line, "There is one."),
            Field("TaggedAddresses", .map(of: .address, most: 64)), Field("NodeMeta", .meta),
            Field("SkipNodeUpdate", .boolean, "The node stays as it is."),
            Field("Service", .named(.catalogServiceRegistration)), Field("Check", .named(.catalogCheck)),
            Field("Checks", .array(of: .named(.catalogCheck), most: 64)),
        ]))

    static let catalogDeregistration = Shape(
        "CatalogDeregistration", "A service by its id, a check by its id, or else the node with all that is on it.",
        .request([
            Field("Node", .nodeName).needed, Field("ServiceID", .line), Field("CheckID", .line),
            Field("Address", .line, "Not looked at."), Field("Datacenter", .line, "There is one."),
        ]))
}

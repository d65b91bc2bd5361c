extension Area {
    static let catalog = Area(
        name: "Catalog", note: "What is registered, healthy or not, by whomever and on whichever node.",
        operations: reads + [
            .put(
                "/v1/catalog/register", "registerEntity", "Registers a node, and with it a service and checks.",
                takes: .json(
                    .named(.catalogRegistration),
                    example: [
                        "Node": "node2", "Address": "10.0.0.2",
                        "Service": ["Service": "db", "Port": .integer(5432), "Tags": ["primary"]],
                        "Check": ["CheckID": "db", "Name": "db", "Status": "passing", "ServiceID": "db"],
                    ]),
                gives: .isDone.with(.serviceName), .conflict),
            .put(
                "/v1/catalog/deregister", "deregisterEntity", "Takes away a service, a check or a node.",
                takes: .json(.named(.catalogDeregistration), example: ["Node": "node2", "ServiceID": "db"]),
                gives: .isDone, .conflict),
        ])

    private static let reads: [Operation] = [
        .get(
            "/v1/catalog/datacenters", "listDatacenters", "The one datacenter.", [.pretty],
            gives: .json(.texts, "Its name.")),
        .get(
            "/v1/catalog/nodes", "listNodes", "All nodes.", [.filter, .nodeMeta, .near], also: [.read, .wait],
            gives: .read(.array(of: .named(.node)))),
        .get(
            "/v1/catalog/services", "listServices", "All services, each with the tags of its instances.", [.nodeMeta],
            also: [.read, .wait], gives: .read(.map(of: .texts))),
        .get(
            "/v1/catalog/service/{name}", "listServiceInstances", "The instances of a service.",
            [.service, .tag, .filter, .nodeMeta, .near], also: [.read, .wait],
            gives: .read(.array(of: .named(.catalogService)))),
        .get(
            "/v1/catalog/services/{name}", "listServiceInstancesByPlural",
            "The same, for those who write the plural.", [.service, .tag, .filter, .nodeMeta, .near],
            also: [.read, .wait], gives: .read(.array(of: .named(.catalogService)))),
        .get(
            "/v1/catalog/node/{name}", "readNode", "A node with its services, by their ids.", [.node, .filter],
            also: [.read, .wait],
            gives: .read(.nullable(.named(.nodeServices)), "What there is; null: there is no such node.")),
        .get(
            "/v1/catalog/node-services/{name}", "listNodeServices", "The same as a list.", [.node, .filter],
            also: [.read, .wait], gives: .read(.named(.nodeServiceList))),
    ]

    static let health = Area(
        name: "Health", note: "Checks, and instances with theirs.",
        operations: [
            .get(
                "/v1/health/service/{name}", "listHealthyInstances",
                "The instances of a service with their nodes and checks.",
                [
                    .service, .query("passing", .flag, "Only instances all of whose checks pass."), .tag, .filter,
                    .nodeMeta, .near,
                ], also: [.read, .wait], gives: .read(.array(of: .named(.healthEntry)))),
            .get(
                "/v1/health/checks/{name}", "listServiceChecks", "The checks of a service.",
                [.service, .tag, .filter, .nodeMeta, .near], also: [.read, .wait],
                gives: .read(.array(of: .named(.check)))),
            .get(
                "/v1/health/node/{name}", "listNodeChecks", "The checks on a node, those of its services too.",
                [.node, .filter], also: [.read, .wait], gives: .read(.array(of: .named(.check)))),
            .get(
                "/v1/health/state/{state}", "listChecksByState", "All checks that are in a state.",
                [
                    .path("state", "`passing`, `warning`, `critical`, or `any` of them.", example: "any"), .filter,
                    .nodeMeta, .near,
                ], also: [.read, .wait], gives: .read(.array(of: .named(.check)))),
        ])

    static let coordinates = Area(
        name: "Coordinates", note: "Nobody measures where nodes are: all of them are at the origin.",
        operations: [
            .get(
                "/v1/coordinate/datacenters", "listDatacenterCoordinates", "This server.", [.pretty],
                gives: .json(
                    .array(
                        of: .answer([
                            Field("Datacenter", .string()), Field("AreaID", .string()),
                            Field("Coordinates", .array(of: .named(.nodeCoordinate))),
                        ])), "One datacenter.")),
            .get(
                "/v1/coordinate/nodes", "listNodeCoordinates", "All nodes.", [.nodeMeta], also: [.read, .wait],
                gives: .read(.array(of: .named(.nodeCoordinate)))),
            .get(
                "/v1/coordinate/node/{name}", "readNodeCoordinate", "A node.", [.node], also: [.read, .wait],
                gives: .read(.array(of: .named(.nodeCoordinate)), "A list of one."),
                .unknown("There is no such node.")),
        ])

    static let overviews = Area(
        name: "Overviews", note: "What web pages for people read.",
        operations: [
            .get(
                "/v1/internal/ui/nodes", "listNodeOverviews", "All nodes with all that is on them.",
                [.filter, .nodeMeta], also: [.read, .wait], gives: .read(.array(of: .named(.uiNode)))),
            .get(
                "/v1/internal/ui/node/{name}", "readNodeOverview", "A node with all that is on it.", [.node],
                also: [.read, .wait], gives: .read(.named(.uiNode)), .unknown("There is no such node.")),
            .get(
                "/v1/internal/ui/services", "listServiceOverviews", "All services in figures.",
                [.filter, .nodeMeta], also: [.read, .wait], gives: .read(.array(of: .named(.uiService)))),
        ])
}

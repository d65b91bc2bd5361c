/// Prepared queries.
extension Shape {
    private static let texts = Schema.nullable(.texts)

    private static let search = Schema.answer([
        Field("Service", .string()),
        Field("Failover", .answer([Field("NearestN", .index), Field("Datacenters", texts)])),
        Field("OnlyPassing", .boolean), Field("IgnoreCheckIDs", texts), Field("Near", .string()),
        Field("Tags", texts), Field("NodeMeta", .nullable(.textMap)), Field("ServiceMeta", .nullable(.textMap)),
        Field("Connect", .boolean),
    ])

    private static let dns = Schema.answer([Field("TTL", .string())])

    static let query = Shape(
        "Query", "A search for instances of a service, with a name of its own.",
        .answer([
            Field("ID", .string()), Field("Name", .string()), Field("Session", .string()), Field("Token", .string()),
            Field(
                "Template",
                .answer([
                    Field("Type", .string()), Field("Regexp", .string()), Field("RemoveEmptyTags", .boolean),
                ])),
            Field("Service", search), Field("DNS", dns), Field("CreateIndex", .index), Field("ModifyIndex", .index),
        ]))

    static let queryResult = Shape(
        "QueryResult", "What a query has found.",
        .answer([
            Field("Service", .string()), Field("Nodes", .array(of: .named(.healthEntry))), Field("DNS", dns),
            Field("Datacenter", .string()), Field("Failovers", .index), Field("Index", .index),
            Field("LastContact", .index), Field("KnownLeader", .boolean), Field("ConsistencyLevel", .string()),
        ]))

    static let queryExplanation = Shape(
        "QueryExplanation", "A query as it is for one name.",
        .answer([
            Field("Query", .named(.query)), Field("Index", .index), Field("LastContact", .index),
            Field("KnownLeader", .boolean), Field("ConsistencyLevel", .string()),
        ]))

    static let queryDefinition = Shape(
        "QueryDefinition", "A query. It has a name, a template or a session.",
        .request([
            Field("ID", .line, "Only where it replaces one."), Field("Name", .line(most: 255)),
            Field("Session", .line), Field("Token", .line, "Kept and shown."),
            Field(
                "Template",
                .request([
                    Field("Type", .word(of: ["", "name_prefix_match"])), Field("Regexp", .line),
                    Field("RemoveEmptyTags", .boolean),
                ])),
            Field(
                "Service",
                .request([
                    Field("Service", .line, "The service's name.").needed,
                    Field(
                        "Failover",
                        .request([
                            Field("NearestN", .integer(from: 0, to: 2_147_483_647)),
                            Field("Datacenters", .array(of: .line, most: 64)),
                        ]), "Kept and shown."),
                    Field("OnlyPassing", .boolean), Field("IgnoreCheckIDs", .array(of: .line, most: 64)),
                    Field("Near", .line), Field("Tags", .array(of: .line, most: 64)), Field("NodeMeta", .meta),
                    Field("ServiceMeta", .meta), Field("Connect", .boolean, "False."),
                ])
            ).needed,
            Field("DNS", .request([Field("TTL", .line(most: 64), "In Go's notation.")])),
            Field("CreateIndex", .anything, "Not looked at, like the next one."), Field("ModifyIndex", .anything),
        ]))
}

/// What Berth alone tells.
extension Shape {
    static let explanation = Shape(
        "Explanation", "What was derived from what, and why a name is or is not in DNS.",
        .answer([
            Field("subject", .string()), Field("containers", .array(of: .named(.explainedContainer))),
            Field("containersNote", .string(), "Why these may not be what runs now.").leftOutAtTimes,
            Field("services", .array(of: .named(.explainedService))),
        ]))

    static let explainedContainer = Shape(
        "ExplainedContainer", "A container, and what became of each of its ports.",
        .answer([
            Field("name", .string()), Field("id", .string()), Field("image", .string()), Field("state", .string()),
            Field("engine", .string()),
            Field(
                "registered",
                .array(
                    of: .answer([
                        Field("containerPort", .string()).leftOutAtTimes, Field("service", .string()),
                        Field("instance", .string()), Field("address", .string()), Field("port", .port),
                        Field("nameFrom", .string(), "Such as `label SERVICE_80_NAME`."),
                        Field("tagsFrom", .string()).leftOutAtTimes, Field("addressFrom", .string()),
                    ]))),
            Field(
                "skipped",
                .array(
                    of: .answer([
                        Field("containerPort", .string(), "Not there: the whole container.").leftOutAtTimes,
                        Field("reason", .string()),
                    ]))),
            Field("notes", .texts),
        ]))

    static let explainedService = Shape(
        "ExplainedService", "A service as the catalog and DNS have it.",
        .answer([
            Field("name", .string()),
            Field(
                "instances",
                .array(
                    of: .answer([
                        Field("id", .string()), Field("node", .string()), Field("address", .string()),
                        Field("port", .port), Field("tags", .texts), Field("owner", .string()),
                        Field("health", .status),
                        Field(
                            "checks",
                            .array(
                                of: .answer([
                                    Field("id", .string()), Field("status", .status), Field("output", .string()),
                                ]))),
                    ]))),
            Field(
                "dns",
                .answer([
                    Field("published", .boolean), Field("reason", .string(), "Why not.").leftOutAtTimes,
                    Field("ask", .texts, "Commands to try."),
                    Field("records", .texts, "In the form of zone files."),
                ])),
        ]))
}

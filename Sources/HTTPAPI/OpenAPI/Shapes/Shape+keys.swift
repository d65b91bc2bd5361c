/// Keys, sessions, transactions and events.
extension Shape {
    static let key = Shape(
        "Key", "A key with its value.",
        .answer([
            Field("LockIndex", .index, "How often it was locked."), Field("Key", .string()), Field("Flags", .index),
            Field("Value", .nullable(.string()), "Base64; null: empty, or not asked for."),
            Field("Session", .string(), "Who has locked it.").leftOutAtTimes, Field("CreateIndex", .index),
            Field("ModifyIndex", .index),
        ]))

    static let session = Shape(
        "Session", "Who may hold locks.",
        .answer([
            Field("ID", .string()), Field("Name", .string()), Field("Node", .string()),
            Field("LockDelay", .index, "Nanoseconds."), Field("Behavior", .word(of: ["release", "delete"])),
            Field("TTL", .string(), "Empty: it need not be renewed."), Field("NodeChecks", .texts),
            Field(
                "ServiceChecks",
                .nullable(.array(of: .answer([Field("ID", .string()), Field("Namespace", .string())])))),
            Field("CreateIndex", .index), Field("ModifyIndex", .index),
        ]))

    static let createdID = Shape("CreatedID", "What was made.", .answer([Field("ID", .string(format: "uuid"))]))

    private static let checkIDs = Schema.array(of: .line, most: 64)

    static let sessionCreation = Shape(
        "SessionCreation", "A session, all of it optional.",
        .request([
            Field("Name", .line(most: 512)),
            Field("Node", .either([.nodeName, .word(of: [""])]), "This one if not said."),
            Field("LockDelay", .duration, "`15s` if not said, 24 hours at most; a number below 1000 is of seconds."),
            Field(
                "Behavior", .word(of: ["", "release", "delete"]),
                "What becomes of keys it holds: `release` if not said."),
            Field("TTL", .line(most: 64), "`10s` to `24h`; empty: it need not be renewed."),
            Field("NodeChecks", checkIDs, "`serfHealth` if not said."), Field("Checks", checkIDs, "The old name."),
            Field(
                "ServiceChecks",
                .array(
                    of: .request([Field("ID", .line).needed, Field("Namespace", .word(of: [""]))]), most: 64)),
            Field("ID", .anything, "Not looked at, like the next ones."), Field("CreateIndex", .anything),
            Field("ModifyIndex", .anything),
        ]))

    static let event = Shape(
        "Event", "A message to everybody who listens.",
        .answer([
            Field("ID", .string()), Field("Name", .string()),
            Field("Payload", .nullable(.string()), "Base64; null: empty."), Field("NodeFilter", .string()),
            Field("ServiceFilter", .string()), Field("TagFilter", .string()), Field("Version", .integer()),
            Field("LTime", .index, "Orders events; 0: it was just told."),
        ]))

    // MARK: Transactions

    private static let anyIndex = Schema.integer(from: 0)

    private static let keyOperation = Schema.request([
        Field(
            "Verb",
            .word(of: [
                "set", "cas", "lock", "unlock", "get", "get-tree", "check-index", "check-session", "check-not-exists",
                "delete", "delete-tree", "delete-cas",
            ])
        ).needed,
        Field("Key", .string(), "Of the tree verbs a prefix."), Field("Value", .string(), "Base64."),
        Field("Flags", anyIndex),
        Field("Index", anyIndex), Field("Session", .line), Field("Namespace", .word(of: [""])),
    ])

    private static let catalogVerb = Field("Verb", .word(of: ["get", "set", "cas", "delete", "delete-cas"])).needed

    static let transactionOperation = Shape(
        "TransactionOperation", "One operation: exactly one of these members.",
        .request([
            Field("KV", keyOperation),
            Field(
                "Node",
                .request([
                    catalogVerb,
                    Field("Node", .map(of: .anything), "As a `Node`.").needed,
                ])),
            Field(
                "Service",
                .request([
                    catalogVerb, Field("Node", .nodeName).needed,
                    Field("Service", .map(of: .anything), "As a `CatalogServiceRegistration`.")
                        .needed,
                ])),
            Field(
                "Check",
                .request([
                    catalogVerb, Field("Check", .map(of: .anything), "As a `CatalogCheck`.").needed,
                ])),
        ]))

    static let transaction = Shape(
        "Transaction", "Results of the operations that have one, or why they failed.",
        .answer([
            Field(
                "Results",
                .nullable(
                    .array(
                        of: .answer([
                            Field("KV", .named(.key)).leftOutAtTimes, Field("Node", .named(.node)).leftOutAtTimes,
                            Field("Service", .named(.service)).leftOutAtTimes,
                            Field("Check", .named(.check)).leftOutAtTimes,
                        ])))),
            Field(
                "Errors", .nullable(.array(of: .answer([Field("OpIndex", .index), Field("What", .string())])))),
            Field("Index", .index, "Where nothing was to be written, like the next ones.").leftOutAtTimes,
            Field("LastContact", .index).leftOutAtTimes, Field("KnownLeader", .boolean).leftOutAtTimes,
            Field("ConsistencyLevel", .string()).leftOutAtTimes,
        ]))
}

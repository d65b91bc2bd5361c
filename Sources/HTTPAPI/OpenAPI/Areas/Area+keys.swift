extension Area {
    static let keys = Area(
        name: "Keys", note: "Keys with their values and locks. The path without a key is the empty prefix.",
        operations: [
            .get(
                "/v1/kv/{key}", "readKey", "A key, or all keys with a prefix.",
                [
                    .key, .present("recurse", "All keys with this prefix."),
                    .present("keys", "Only the names of those."),
                    .query("separator", .string(), "With `keys`: names end at the next one after the prefix."),
                    .present("raw", "The value as it is."),
                ], also: [.read, .wait],
                gives: Answer(
                    status: 200, note: "The key in a list of one, the keys, their names, or the value.",
                    contents: [
                        ("application/json", .either([.array(of: .named(.key)), .texts])),
                        ("text/plain", .string()),
                    ], headers: .read),
                Answer(
                    status: 404, note: "There is none; no body, but an index to wait with.",
                    contents: [("application/problem+json", .named(.problem))], headers: .read)),
            .put(
                "/v1/kv/{key}", "writeKey", "Writes a key, unless another was first.",
                note: "At most one of `cas`, `acquire` and `release` may be given.",
                [
                    .key, .query("flags", .count, "A number that goes with the value."),
                    .query("cas", .count, "Only if this is its `ModifyIndex`; 0: only if it is not there."),
                    .query("acquire", .string(), "Only if this session can lock it, which it does."),
                    .query("release", .string(), "Only if this session has locked it; it is unlocked."),
                ], also: [.write], takes: .octets("The value: 512 KiB at most, unless set otherwise."),
                gives: .whetherDone),
            .delete(
                "/v1/kv/{key}", "deleteKey", "Deletes a key, or all keys with a prefix.",
                note: "`recurse` and `cas` exclude each other.",
                [
                    .key, .present("recurse", "All keys with this prefix."),
                    .query("cas", .count, "Only if this is its `ModifyIndex`."),
                ], also: [.write], gives: .whetherDone),
        ])

    static let sessions = Area(
        name: "Sessions", note: "Who may hold locks.",
        operations: [
            .put(
                "/v1/session/create", "createSession", "Makes a session.", also: [.write],
                takes: .json(
                    .named(.sessionCreation), example: ["Name": "backup", "TTL": "30s", "NodeChecks": .array([])]
                )
                .optional,
                gives: .json(.named(.createdID), "Its id.").leading(
                    to: "readSession", "renewSession", "destroySession", by: "id", member: "/ID")),
            .put(
                "/v1/session/destroy/{id}", "destroySession", "Ends a session, also one that is not there.",
                [.session], also: [.write], gives: .isDone),
            .put(
                "/v1/session/renew/{id}", "renewSession", "Keeps a session for another TTL.", [.session],
                also: [.write], gives: .json(.array(of: .named(.session)), "The session in a list of one."),
                .unknown("It has ended, or never was.")),
            .get(
                "/v1/session/info/{id}", "readSession", "A session.", [.session], also: [.read, .wait],
                gives: .read(.array(of: .named(.session)), "The session in a list of one, or an empty list.")),
            .get(
                "/v1/session/list", "listSessions", "All sessions.", also: [.read, .wait],
                gives: .read(.array(of: .named(.session)))),
            .get(
                "/v1/session/node/{name}", "listNodeSessions", "The sessions of a node.",
                [.path("name", "The node's name.", example: "server01")], also: [.read, .wait],
                gives: .read(.array(of: .named(.session)))),
        ])

    static let transactions = Area(
        name: "Transactions", note: "Several operations, all of them or none.",
        operations: [
            .put(
                "/v1/txn", "transact", "Does up to 64 operations in order.", also: [.write],
                takes: .json(
                    .nullable(.array(of: .named(.transactionOperation), most: 64)),
                    example: [
                        ["KV": ["Verb": "set", "Key": "a", "Value": "YQ=="]],
                        ["KV": ["Verb": "get", "Key": "a"]],
                    ]
                ).optional,
                gives: .json(.named(.transaction), "All were done."),
                Answer(
                    status: 409, note: "One failed, and none was done.",
                    contents: [("application/json", .named(.transaction))]))
        ])

    static let events = Area(
        name: "Events", note: "Messages to everybody who listens; the newest 256 are kept.",
        operations: [
            .put(
                "/v1/event/fire/{name}", "fireEvent", "Tells everybody.",
                [
                    .path("name", "The event's name, of 128 octets at most.", example: "deploy"),
                    .query("node", .string(most: 256), "A regular expression: only nodes with such names hear it."),
                    .query("service", .string(most: 256), "Likewise: only where there are such services."),
                    .query("tag", .string(most: 256), "Likewise, with such tags; only with `service`."),
                ], also: [.write], takes: .octets("What is told: 512 octets at most."),
                gives: .json(.named(.event), "What was told.")),
            .get(
                "/v1/event/list", "listEvents", "The newest events.",
                [
                    .query("name", .string(), "Only those of this name."),
                    .query("node", .string(), "Only those told with this expression."),
                    .query("service", .string(), "Likewise."), .query("tag", .string(), "Likewise."),
                ], also: [.read, .wait], gives: .read(.array(of: .named(.event)))),
        ])
}

extension Schema {
    /// A number of up to 64 bits.
    fileprivate static let count = integer(from: 0)
}

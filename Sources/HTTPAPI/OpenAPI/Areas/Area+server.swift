extension Area {
    static let status = Area(
        name: "Status", note: "This process is the whole cluster, and its leader.",
        operations: [
            .get("/", "greet", "Says what this is.", gives: .text("One line.")),
            .get("/v1/status/leader", "readLeader", "This server.", [.pretty], gives: .json(.string(), "`HOST:PORT`.")),
            .get("/v1/status/peers", "listPeers", "This server, as a list.", [.pretty], gives: .json(.texts)),
            .get(
                "/v1/operator/raft/configuration", "readRaftConfiguration", "This server, among servers.", [.pretty],
                gives: .json(.named(.raftConfiguration))),
        ])

    static let snapshots = Area(
        name: "Snapshots", note: "All there is, in one archive: see [snapshots.md](snapshots.md).",
        operations: [
            .get(
                "/v1/snapshot", "saveSnapshot", "All there is.", also: [.read],
                gives: Answer(
                    status: 200, note: "An archive.", contents: [("application/x-gzip", .anything)], headers: .read)),
            .put(
                "/v1/snapshot", "restoreSnapshot", "Puts what an archive holds in the place of all there is.",
                also: [.write], takes: .octets("An archive: 1 GiB at most."), gives: .done),
        ])

    static let berth = Area(
        name: "Berth's own", note: "What Consul has nothing for.",
        operations: [
            .get(
                "/v1/berth/watch", "watch", "Changes of many things on one connection, without end.",
                note: "At least one thing must be named, and at most 64 may be. See [http.md](http.md#watching).",
                [
                    .repeatable("service", .serviceName, "A service's instances."),
                    .repeatable("key", .string(), "A key."),
                    .repeatable("prefix", .string(), "All keys with a prefix."),
                    .repeatable("node", .nodeName, "A node."),
                    .repeatable(
                        "checks", .word(of: ["", "any", "passing", "warning", "critical"]), "Checks with a status."),
                    .query("index", .index, "Only what has changed after it."),
                    Parameter(
                        place: .header, name: "Last-Event-ID", note: "Likewise; browsers send it by themselves.",
                        schema: .string()),
                ],
                gives: Answer(
                    status: 200, note: "Server-Sent Events.", contents: [("text/event-stream", .string())])),
            .get(
                "/v1/berth/explain/{name}", "explain",
                "What became of a service or container, what that was derived from, and why.",
                [
                    .path(
                        "name",
                        "A service, also by the name it had before it was rewritten; an instance's id; a container.",
                        example: "web")
                ], gives: .json(.named(.explanation)), .unknown("Nothing is called so; the nearest names are told.")),
            .get(
                "/v1/berth/openapi.json", "describe", "This description, as OpenAPI 3.1.", [.pretty],
                gives: .json(.map(of: .anything), "An OpenAPI document.")),
        ])
}

extension Answer {
    fileprivate static func text(_ note: String) -> Answer {
        Answer(status: 200, note: note, contents: [("text/plain", .string())])
    }
}

/// Parameters that several operations have.
extension Parameter {
    static let pretty = present("pretty", "JSON with line ends and indentation.")
    static let datacenter = query("dc", .string(), "There is one: any other is refused.")
    static let filter = query("filter", .string(most: 8192), "An expression: only elements for which it holds.")
    static let nodeMeta = repeatable(
        "node-meta", .string(), "`key:value`: only what is on nodes with all of these in their meta.")
    static let near = present("near", "Accepted: no node is nearer than another.")
    static let tag = repeatable("tag", .string(), "Only instances with all of these, whatever their case.")

    static let service = path("name", "The service's name.", example: "web")
    static let node = path("name", "The node's name, or its id.", example: "server01")
    static let serviceID = path("id", "The service's id. Slashes need no escape.", example: "web")
    static let checkID = path("id", "The check's id. Slashes need no escape.", example: "report")
    static let session = path(
        "id", "The session's id.", example: "4ca8e74b-6350-7587-addf-a18084928f3c")
    static let key = path("key", "The key, or a prefix. Slashes need no escape.", example: "config/colour")
    static let note = query("note", .string(), "The check's output.")
}

extension ParameterGroup {
    static let read = ParameterGroup(
        name: "reads",
        note: """
            One server has one answer, always the newest: what asks for more or less of it is accepted, and a header says \
            what was asked for.
            """,
        parameters: [
            .datacenter, .pretty,
            .present("stale", "Not with `consistent`."),
            .query("max_stale", .either([.durationText, .word(of: [""])]), "Like `stale`."),
            .present("consistent", "Not with `stale` and `cached`."),
            .present("leader", "Consul's usual mode."),
            .present("cached", "Adds `X-Cache` to the answer."),
        ])

    static let wait = ParameterGroup(
        name: "waiting",
        note: "A read that is given the index of the answer before waits until there is a newer one.",
        parameters: [
            .query(
                "index", .either([.integer(from: 0), .word(of: [""])]), "The `X-Consul-Index` of the answer before."),
            .query(
                "wait", .either([.durationText, .word(of: [""])]),
                "How long at most: `5m` usually, 10 minutes at most, and up to a sixteenth more."),
        ])

    static let write = ParameterGroup(
        name: "writes", note: "There is one datacenter.", parameters: [.datacenter, .pretty])

    /// All groups, in the order of the page.
    static let all: [ParameterGroup] = [.read, .wait, .write]
}

extension Area {
    static let queries = Area(
        name: "Prepared queries", note: "Searches for instances with names of their own, also in DNS.",
        operations: [
            .get(
                "/v1/query", "listQueries", "All queries.", also: [.read, .wait],
                gives: .read(.array(of: .named(.query)))),
            .post(
                "/v1/query", "createQuery", "Makes a query.", also: [.write], takes: definition,
                gives: .json(.named(.createdID), "Its id.").leading(
                    to: "readQuery", "replaceQuery", "deleteQuery", "executeQuery", "explainQuery", by: "id",
                    member: "/ID")),
            .get(
                "/v1/query/{id}", "readQuery", "A query.", [.queryID], also: [.read, .wait],
                gives: .read(.array(of: .named(.query)), "The query in a list of one."), .noQuery),
            .put(
                "/v1/query/{id}", "replaceQuery", "Puts another in a query's place.", [.queryID], also: [.write],
                takes: definition, gives: .done, .noQuery),
            .delete(
                "/v1/query/{id}", "deleteQuery", "Takes a query away.", [.queryID], also: [.write], gives: .done,
                .noQuery),
            .get(
                "/v1/query/{id}/execute", "executeQuery", "What a query finds.",
                [
                    .queryName, .query("near", .string(), "A node whose instances come first; `_agent`: this one."),
                    .query("limit", .either([.integer(), .word(of: [""])]), "So many at most; 0: all."),
                    .query(
                        "connect", .word(of: ["false", "0", "f", "F", "False", "FALSE"]), "There is no service mesh."),
                ], also: [.read], gives: .read(.named(.queryResult), "What it has found."), .noQuery),
            .get(
                "/v1/query/{id}/explain", "explainQuery", "A query as it is for one name.", [.queryName],
                also: [.read], gives: .read(.named(.queryExplanation)), .noQuery),
        ])

    private static let definition = Payload.json(
        .named(.queryDefinition), example: ["Name": "found", "Service": ["Service": "web", "OnlyPassing": true]])
}

extension Parameter {
    fileprivate static let queryID = path(
        "id", "The query's id.", example: "8f246b77-f3e1-ff88-5b48-8ec93abf3e05")
    fileprivate static let queryName = path(
        "id", "The query's id or name, or a name that its template answers for.", example: "found")
}

extension Answer {
    fileprivate static let noQuery = unknown("There is no such query.")
}

import Testing

@testable import Registry

@Suite struct `Prepared queries` {
    static func query(
        _ id: String, _ name: String = "", session: String? = nil, template: QueryTemplate? = nil,
        service: String = "web"
    ) -> PreparedQuery {
        PreparedQuery(id: id, name: name, session: session, template: template, search: .init(service: service))
    }

    private static func template(_ id: String, _ name: String) throws -> PreparedQuery {
        query(id, name, template: try QueryTemplate(expression: ""))
    }

    private static func state() throws -> CatalogState {
        try CatalogState([
            .query(.put(query("q1", "Plain"))), .query(.put(template("q2", "geo-"))),
            .query(.put(template("q3", "geo-db"))), .query(.put(template("q4", ""))),
            .query(.put(query("q5", "geo-db-1"))),
        ])
    }

    @Test(arguments: [
        ("plain", "q1"), ("PLAIN", "q1"), ("q1", "q1"), ("Q5", "q5"), ("geo-", "q2"), ("geo-x", "q2"),
        ("GEO-DBX", "q3"),
        ("geo-db", "q3"), ("geo-db-1", "q5"), ("geo-db-12", "q3"), ("geo", "q4"), ("plainer", "q4"), ("", "q4"),
        ("é", "q4"),
    ]) func `are found by id, by name, or as the template with the longest name`(_ text: String, _ id: String) throws {
        #expect(try Self.state().snapshot.queries.find(text)?.value.id == id)
    }

    @Test func `are nowhere to be found under another's name`() throws {
        var state = try Self.state()
        try state.apply(.query(.remove("q4")))
        for text in ["geo", "plainer", "", "q4", "db"] { #expect(state.snapshot.queries.find(text) == nil, "\(text)") }
    }

    @Test func `each have a name of their own, whatever the case`() throws {
        var state = try Self.state()
        func refusal(_ query: PreparedQuery) throws -> CatalogError? {
            var copy = state
            return #expect(throws: CatalogError.self) { try copy.apply(.query(.put(query))) }
        }
        #expect(try refusal(Self.query("n", "PLAIN")) == .queryNameTaken("PLAIN"))
        #expect(try refusal(Self.template("n", "plain")) == .queryNameTaken("plain"))
        #expect(try refusal(Self.query("n", "Q1")) == .queryNameIsID("Q1"))
        #expect(try refusal(Self.template("n", "")) == .secondCatchAll)
        #expect(try refusal(Self.query("n", "new", session: "s")) == .unknownSession("s"))
        // One that is replaced may keep its name, and leaves it to others when it changes it.
        try state.apply(.query(.put(Self.query("q1", "plain"))))
        try state.apply(.query(.put(Self.query("q1", "other"))))
        try state.apply(.query(.put(Self.query("n", "Plain"))))
        #expect(state.snapshot.queries.find("plain")?.value.id == "n")
    }

    @Test func `have indexes that tell of changes alone`() throws {
        var state = try Self.state()
        let index = state.snapshot.index
        #expect(state.snapshot.queries.index == index)
        #expect(try state.apply(.query(.put(Self.query("q1", "Plain")))).isEmpty)
        #expect(try state.apply(.query(.remove("none"))).isEmpty)
        let delta = try state.apply(.query(.put(Self.query("q1", "Plain", service: "db"))))
        #expect(delta.hasQueries && !delta.isEmpty && state.snapshot.queries.index == index + 1)
        let query = try #require(state.snapshot.queries.query("q1"))
        #expect(query.createIndex == 1 && query.modifyIndex == index + 1)
        try state.apply(.query(.remove("q1")))
        #expect(state.snapshot.queries.index == index + 2 && state.snapshot.servicesIndex == 0)
    }

    @Test func `go with their session, in the same change`() throws {
        var state = try CatalogState([
            .putNode(node("n1")), .session(.put(Session(id: "s", node: nodeName("n1"), nodeChecks: []))),
            .query(.put(Self.query("q1", session: "s"))), .query(.put(Self.query("q2", "stays"))),
            .query(.put(Self.query("q3", "goes", session: "s"))),
        ])
        let delta = try state.apply(.session(.remove("s")))
        #expect(delta.hasQueries && delta.sessions == ["s"])
        #expect(state.snapshot.queries.all.map(\.value.id) == ["q2"])
        #expect(state.snapshot.queries.index == state.snapshot.index)
        #expect(state.snapshot.queries.find("goes") == nil)
    }

    @Test func `find instances by tags, meta, checks and node`() throws {
        var tagged = try instance("i1", of: "web", tags: ["A", "b"])
        tagged.meta = ["v": "1"]
        let state = try CatalogState([
            .putNode(node("n1", meta: ["rack": "r1"])), .putNode(node("n2")),
            .putInstance(tagged, checks: [check("c1", of: "i1", status: .warning)]),
            .putInstance(instance("i2", of: "web", on: "n2", tags: ["a"]), checks: nil),
            .putInstance(
                instance("i3", of: "web", on: "n2", tags: ["c"]),
                checks: [check("c3", of: "i3", on: "n2", status: .critical)]),
            .putInstance(instance("j", of: "db"), checks: nil),
        ])
        func found(_ change: (inout PreparedQuery.Search) -> Void) -> Set<String> {
            var search = PreparedQuery.Search(service: "WEB")
            change(&search)
            return Set(search.instances(in: state.snapshot, near: nil).map(\.instance.value.id))
        }
        #expect(found { _ in } == ["i1", "i2"])
        #expect(found { $0.service = "none" } == [] && found { $0.service = "no name" } == [])
        #expect(found { $0.onlyPassing = true } == ["i2"])
        #expect(found { $0.ignoredChecks = ["c3"] } == ["i1", "i2", "i3"])
        #expect(found { ($0.onlyPassing, $0.ignoredChecks) = (true, ["c1"]) } == ["i1", "i2"])
        #expect(found { $0.tags = ["a"] } == ["i1", "i2"] && found { $0.tags = ["a", "!B"] } == ["i2"])
        #expect(found { $0.tags = ["!b"] } == ["i2"] && found { $0.tags = [""] } == [])
        #expect(found { $0.nodeMeta = ["rack": "r1"] } == ["i1"] && found { $0.nodeMeta = ["rack": "r2"] } == [])
        #expect(found { $0.serviceMeta = ["v": "1"] } == ["i1"])
        let search = PreparedQuery.Search(service: "web")
        for _ in 0..<20 {
            let first = try search.instances(in: state.snapshot, near: nodeName("N2")).first
            #expect(first?.instance.value.id == "i2")
        }
    }
}

@Suite struct `Templates of prepared queries` {
    private static func rendered(_ text: String, for name: String, _ expression: String = "") throws -> String {
        var query = PreparedQuery(
            id: "q", name: "geo-", template: try QueryTemplate(expression: expression), search: .init(service: text))
        query = try query.validated()
        return try query.rendered(for: name).search.service
    }

    @Test(arguments: [
        ("${name.full}|${name.prefix}|${name.suffix}", "geo-a-b", "", "geo-a-b|geo-|a-b"),
        ("${match(0)},${match(1)},${match(2)},${match(3)}", "geo-a-b", "^geo-(.*?)-([^\\-]+?)$", "geo-a-b,a,b,"),
        ("${match(1)}", "geo-", "^geo-(.+)$", ""), ("${match(1)}", "geo-a", "", ""),
        ("${match(-1)}", "geo-a", "(a)", ""),
        ("${match(\"1\")}", "geo-a", "(a)", "a"), ("${ match( 1 ) }x${name.suffix}", "geo-a", "(a)", "axa"),
        ("$${name.full} $x } ${\"q}\"} ${7}", "geo-a", "", "${name.full} $x } q} 7"),
        ("a${agent.segment}b", "geo-", "", "ab"),
        ("${name.suffix}", "GEO-A", "", "A"), ("$", "geo-", "", "$"), ("$$", "geo-", "", "$$"),
        ("${match(1)}", "geo-x", "(y)?", ""),
    ]) func `render`(_ text: String, _ name: String, _ expression: String, _ expected: String) throws {
        #expect(try Self.rendered(text, for: name, expression) == expected)
    }

    @Test(arguments: [
        ("${foo", "Bad format '${foo' in Service.Service: parse error: syntax error"),
        ("${}", "Bad format '${}' in Service.Service: parse error: syntax error"),
        ("${match(1)", "parse error: syntax error"), ("${match(1 2)}", "expected 1 arguments, got 2"),
        ("${match()}", "match: expected 1 arguments, got 0"), ("${match(1,2)}", "parse error: syntax error"),
        ("${foo.bar}", "Bad evaluation for '${foo.bar}' in Service.Service: unknown variable accessed: foo.bar"),
        ("${foo(1)}", "unknown function called: foo"), ("${match(\"x\")}", "'x' is not a whole number"),
        ("${match(99999999999999999999)}", "is not a whole number"), ("${\"a}", "parse error: syntax error"),
        ("${é}", "parse error: syntax error"), ("${1 1}", "parse error: syntax error"),
        ("${match(match)}", "syntax error"),
    ]) func `say what is wrong with a text`(_ text: String, _ reason: String) throws {
        let error = #expect(throws: QueryTemplateError.self) { try Self.rendered(text, for: "geo-") }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("failed compiling template: ") == true)
    }

    @Test(arguments: [
        ("(", "Bad Regexp: error parsing regexp: missing closing ): `(`"),
        (String(repeating: "(a)", count: 33), "Bad Regexp: it has more than 32 groups"),
        (String(repeating: "a", count: 513), "Bad Regexp: it has more than 512 octets"),
    ]) func `say what is wrong with an expression`(_ expression: String, _ reason: String) {
        let error = #expect(throws: QueryTemplateError.self) { try QueryTemplate(expression: expression) }
        #expect(error?.description == "failed compiling template: \(reason)")
    }

    @Test func `render every text of the search, and leave out empty tags where they are told to`() throws {
        var query = PreparedQuery(
            id: "q", name: "t-", template: try QueryTemplate(expression: "^t-(.*)$", removesEmptyTags: true),
            search: .init(service: "s"))
        query.search.tags = ["${match(1)}", "", "!${match(1)}", "${match(2)}"]
        query.search.failover.datacenters = ["dc-${match(1)}"]
        query.search.ignoredChecks = ["${match(1)}"]
        query.search.near = "${match(1)}"
        query.search.nodeMeta = ["k": "${match(1)}"]
        query.search.serviceMeta = ["k": "${name.suffix}"]
        let search = try query.rendered(for: "t-x").search
        #expect(search.tags == ["x", "!x"] && search.failover.datacenters == ["dc-x"] && search.ignoredChecks == ["x"])
        #expect(search.near == "x" && search.nodeMeta == ["k": "x"] && search.serviceMeta == ["k": "x"])
        query.template = nil
        #expect(try query.rendered(for: "t-x") == query)
    }
}

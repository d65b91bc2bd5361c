import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `A service without a healthy instance` {
    private static func instance(_ id: String, _ output: String, tags: [String] = []) throws -> CatalogChange {
        guard case .putInstance(let instance, _) = try Example.instance("web", id, tags: tags) else {
            preconditionFailure("an instance is put")
        }
        return .putInstance(
            instance, checks: [HealthCheck(node: instance.node, id: "c-\(id)", name: "alive", output: output)])
    }

    private static func note(_ changes: [CatalogChange], at name: String = "web.service.consul") throws -> String {
        try CompiledCatalog([Example.node()] + changes).note(name) ?? "none"
    }

    @Test func `tells of each what its check says`() throws {
        #expect(
            try Self.note([Self.instance("web-1", "HTTP 500"), Self.instance("web-2", "")])
                == "2 instances, all critical: web-1 \"HTTP 500\", web-2 \"alive\"")
    }

    @Test func `tells of what a web server said the status alone`() throws {
        let output = "HTTP GET http://10.0.0.1/: 503 Service Unavailable Output: <html>"
        #expect(
            try Self.note([Self.instance("a", output)])
                == "1 instance, critical: a \"HTTP GET http://10.0.0.1/: 503 Service Unavailable\"")
    }

    @Test func `tells of those alone that have the tag, once each`() throws {
        let changes = [try Self.instance("a", "x", tags: ["v1", "V1"]), try Self.instance("b", "y", tags: ["v2"])]
        #expect(try Self.note(changes, at: "v1.web.service.consul") == "1 instance, critical: a \"x\"")
    }

    @Test func `tells of as many as fit, on one line`() throws {
        let many = try (0..<50).map {
            try Self.instance("web-\($0)", "a\nb\u{1b}[31m \(String(repeating: "é", count: 90))")
        }
        let note = try Self.note(many)
        #expect(note.hasPrefix("50 instances, all critical: web-0 \"a b [31m éé"))
        #expect(note.hasSuffix("é\", ..."))
        #expect(note.utf8.count <= OwnerRecords.longestNote)
    }

    @Test func `tells of a node that is critical`() throws {
        let check = HealthCheck(node: try NodeName("server01"), id: "disk", name: "disk", output: "full")
        #expect(
            try Self.note([Example.instance("web", "a"), .putCheck(check)]) == "1 instance, critical: a \"full\"")
    }

    @Test func `is published again when the reason is another, and not when others answer`() throws {
        var catalog = try CompiledCatalog([Example.node(), Self.instance("a", "x")])
        let check = CheckKey(node: try NodeName("server01"), id: "c-a")
        try catalog.apply(.setStatus(check, .critical, output: "y"))
        #expect(try catalog.note("web.service.consul") == "1 instance, critical: a \"y\"")
        try catalog.apply(Example.instance("web", "b"))
        #expect(try catalog.apply(.setStatus(check, .critical, output: "z")) == [])
    }
}

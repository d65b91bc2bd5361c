import GoTemplate
import Testing

@testable import TemplateRendering

@Suite struct `A service query` {
    @Test(arguments: [
        ("web", nil, "web", nil, nil, "passing"),
        ("v1.web", "v1", "web", nil, nil, "passing"),
        ("a.b.web-2", "a.b", "web-2", nil, nil, "passing"),
        ("traefik.enable=true.web", "traefik.enable=true", "web", nil, nil, "passing"),
        ("web@dc1", nil, "web", "dc1", nil, "passing"),
        ("web~_agent", nil, "web", nil, "_agent", "passing"),
        ("t.web@dc1~n1|any", "t", "web", "dc1", "n1", "critical,maintenance,passing,warning"),
        ("web|passing,warning", nil, "web", nil, nil, "passing,warning"),
    ])
    func `names a tag, a service, a datacenter, a node and health states`(
        text: String, tag: String?, name: String, datacenter: String?, near: String?, statuses: String
    ) throws {
        let query = try ServiceQuery(text)
        #expect(query.tag == tag)
        #expect(query.name == name)
        #expect(query.datacenter == datacenter)
        #expect(query.near == near)
        #expect(query.statuses.map(\.rawValue).sorted().joined(separator: ",") == statuses)
    }

    @Test(arguments: ["bad name!", "", ".web", "web.", "web@", "web~", "web|", "web@d c", "|any", "a/b", "wéb"])
    func `is refused in any other form`(text: String) {
        #expect(throws: FunctionError("health.service: invalid format: \"\(text)\"")) { try ServiceQuery(text) }
    }

    @Test func `is refused with an unknown state`() {
        #expect(throws: FunctionError("health.service: invalid filter: \"bad\" in \"web|bad\"")) {
            try ServiceQuery("web|bad")
        }
    }
}

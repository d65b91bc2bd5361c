import GoTemplate
import Registry
import Testing

@testable import TemplateRendering

@Suite struct `The catalog in templates` {
    private func catalog() throws -> CatalogSnapshot {
        var state = CatalogState()
        let changes = try [
            Sample.node("node-b", address: "10.0.0.2"), Sample.node("node-a", address: "10.0.0.1"),
            Sample.instance("web", id: "w2", node: "node-a", port: 82, tags: ["z", "a"]),
            Sample.instance("web", id: "w1", node: "node-b", port: 81, address: "10.9.9.9", tags: ["a"]),
            Sample.instance("web", id: "w3", node: "node-a", port: 83, status: .warning),
            Sample.instance("web", id: "w4", node: "node-a", port: 84, status: .critical),
            Sample.instance(
                "web", id: "w5", node: "node-a", port: 85, status: .critical, check: "_service_maintenance:w5"),
            Sample.instance("data_base", id: "d1", node: "node-b", port: 5432),
        ]
        for (index, change) in changes.enumerated() { _ = try state.apply(change, at: UInt64(index + 1)) }
        return state.snapshot
    }

    private func render(_ template: String) throws -> (text: String, dependencies: Dependencies) {
        let data = TemplateData(snapshot: try catalog(), agent: try Sample.agent())
        let parsed = try GoTemplate.Template(
            parsing: GoString(template), name: "t", functions: TemplateData.signatures)
        return (try parsed.render(functions: data.functions).description, data.dependencies)
    }

    @Test(arguments: [
        (#"{{range service "web"}}{{.ID}} {{end}}"#, "w2 w1 "),
        (#"{{range service "WEB"}}{{.ID}} {{end}}"#, "w2 w1 "),
        (
            #"{{range service "web|any"}}{{.ID}}:{{.Status}} {{end}}"#,
            "w2:passing w3:warning w4:critical w5:maintenance w1:passing "
        ),
        (#"{{range service "web" "warning,critical"}}{{.ID}} {{end}}"#, "w3 w4 "),
        (#"{{range service "z.web"}}{{.ID}} {{end}}"#, "w2 "),
        (#"{{range service "web~node-b"}}{{.ID}} {{end}}"#, "w1 w2 "),
        (#"{{range service "data_base"}}{{.Name}}{{end}}"#, "data_base"),
        (#"{{range service "none"}}x{{else}}empty{{end}} {{service "none"}}"#, "empty []"),
        (#"{{len (service "")}}"#, "0"),
        (
            #"{{with index (service "web") 1}}{{.Node}} {{.NodeID}} {{.NodeAddress}} {{.Address}} {{.Port}}{{end}}"#,
            "node-b id-node-b 10.0.0.2 10.9.9.9 81"
        ),
        (
            #"{{with index (service "web") 0}}{{.Address}} {{.Tags}} {{.Tags | join ","}} {{.Tags | contains "z"}}{{end}}"#,
            "10.0.0.1 [a z] a,z true"
        ),
        (
            #"{{with index (service "web") 0}}{{.NodeMeta.rack}} {{.NodeMeta.none}} {{.NodeTaggedAddresses.lan}} {{.ServiceMeta.version}} {{.Weights.Passing}}/{{.Weights.Warning}}{{end}}"#,
            "r-node-a  10.0.0.1 1 5/2"
        ),
        (
            #"{{range service "web|critical"}}{{range .Checks}}{{.CheckID}} {{.Status}} {{.Output}} {{.ServiceID}} {{.ServiceName}}{{end}}{{end}}"#,
            "service:w4 critical said critical w4 web"
        ),
        (#"{{service "web" | printf "%T"}}"#, "[]*dependency.HealthService"),
    ])
    func `service reads instances by node and id, the passing ones unless asked`(
        template: String, text: String
    ) throws {
        #expect(try render(template).text == text)
    }

    @Test func `a datacenter that is not ours is an error`() throws {
        let error = #expect(throws: TemplateError.self) { try render(#"{{service "web@nodc"}}"#) }
        #expect(error?.message.contains(#"no path to datacenter "nodc""#) == true)
        #expect(try render(#"{{service "web@dc1" | len}}"#).text == "2")
    }

    @Test func `what is read becomes a dependency, found or not`() throws {
        let dependencies = try render(#"{{service "web" | len}}{{service "none" | len}}"#).dependencies
        #expect(dependencies.services == [try ServiceName("web"), try ServiceName("none")])
        #expect(dependencies.isTouched(by: CatalogDelta(index: 1, services: [try ServiceName("none")])))
        #expect(!dependencies.isTouched(by: CatalogDelta(index: 1, services: [try ServiceName("other")])))
        #expect(!dependencies.isTouched(by: CatalogDelta(index: 1, nodes: [try NodeName("node-a")])))
    }

    @Test func `what a branch that is not taken would read is none`() throws {
        let dependencies = try render(#"{{if false}}{{service "web" | len}}{{end}}"#).dependencies
        #expect(dependencies == Dependencies())
    }
}

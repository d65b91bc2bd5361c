import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPAPI

@Suite struct `The description of the API` {
    @Test func `describes every route, and no other`() async throws {
        let routes = try await routes()
        let described = Set(
            APIDescription.operations.map { operation in
                "\(operation.method.rawValue) \(operation.path.replacing(/\{[^}]*\}/, with: "{}"))"
            })
        #expect(described.count == APIDescription.operations.count)
        #expect(described.subtracting(routes).isEmpty)
        // A path that breaks off before its last part is there only to say what is missing.
        #expect(routes.subtracting(described).filter { !described.contains("\($0)/{}") }.isEmpty)
    }

    /// `GET /v1/kv/{}`: what each path says that it allows.
    private func routes() async throws -> Set<String> {
        try await APIUnderTest.withRegistry { registry in
            let control = ProcessControl(reload: { [] }, leave: {})
            let router = try APIUnderTest.api(registry: registry, control: control).router
            let paths = Set(router.routes.map(\.path.description))
            return try await Application(router: router, logger: APIUnderTest.quiet).test(.router) { client in
                var routes: Set<String> = []
                for path in paths {
                    let allowed = try await client.execute(uri: path, method: .options).headers[.allow] ?? ""
                    for method in allowed.split(separator: ",") where method != "OPTIONS" {
                        routes.insert("\(method) \(path.replacing(/\{[a-z]+\}|\*\*/, with: "{}"))")
                    }
                }
                return routes
            }
        }
    }

    @Test func `has a place for every parameter of a path, and a name for every operation`() {
        for operation in APIDescription.operations {
            let named = operation.path.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) }
            let declared = operation.parameters.filter { $0.place == .path }.map(\.name)
            #expect(named == declared, "\(operation.path)")
            let parameters = (operation.parameters + operation.groups.flatMap(\.parameters)).uniqued
            #expect(Set(operation.parameters.map(\.name)).count == operation.parameters.count, "\(operation.path)")
            #expect(parameters.allSatisfy { !$0.note.isEmpty }, "\(operation.path)")
        }
        let ids = APIDescription.operations.map(\.id)
        #expect(Set(ids).count == ids.count)
        let led = APIDescription.operations.flatMap { $0.answers.flatMap { $0.links.map(\.operation) } }
        #expect(Set(led).isSubset(of: ids))
    }

    @Test func `refers to nothing that is not there`() throws {
        let text = OpenAPIDocument(version: "1").text
        let references = Set(
            text.matches(of: /"\$ref":"#\/components\/([a-z]+)\/([^"]+)"/).map { match in
                "\(match.output.1)/\(match.output.2)"
            })
        let document = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let components = try #require(document["components"] as? [String: [String: Any]])
        #expect(references == Set(components.flatMap { kind, named in named.keys.map { "\(kind)/\($0)" } }))
    }

    @Test func `has one shape, and one header, of each name`() {
        let answers = APIDescription.operations.flatMap(\.answers) + SharedAnswer.all.map(\.answer)
        let schemas =
            APIDescription.operations.compactMap { $0.body?.schema } + answers.flatMap { $0.contents.map(\.schema) }
        let shapes = Set(schemas.flatMap(\.shapes).map { "\($0.name) \($0.schema.json.text)" })
        #expect(shapes.count == APIDescription.shapes.count)
        let headers = Set(answers.flatMap(\.headers).map { "\($0.name) \($0.note) \($0.isAlways)" })
        #expect(headers.count == APIDescription.headers.count)
    }

    @Test func `is served, for programs and for people`() async throws {
        try await APIUnderTest.run { api in
            let plain = try await api.get("/v1/berth/openapi.json")
            #expect(plain.status == .ok && plain.headers[.contentType] == "application/json")
            #expect(plain.text == OpenAPIDocument(version: "0.1.0").text)
            let pretty = try await api.get("/v1/berth/openapi.json?pretty").text
            #expect(pretty.hasPrefix("{\n    \"openapi\": \"3.1.1\",\n"))
            #expect(try JSONReader.read(Array(pretty.utf8)) == JSONReader.read(Array(plain.text.utf8)))
        }
    }

    @Test func `is the reference page's`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let page = try String(contentsOf: root.appending(path: "docs/api.md"), encoding: .utf8)
        #expect(page == APIReference.page, "docs/api.md is out of date: run `make reference`")
    }

    @Test(arguments: [
        ("a\"b\\c\n\u{1}é", #""a\"b\\c\n\u0001é""#), ("", #""""#),
    ]) func `is written as JSON`(_ text: String, _ json: String) throws {
        #expect(JSONValue.string(text).text == json)
        #expect(try JSONReader.read(Array(json.utf8)) == .string(text))
    }
}

import HTTPTypes

/// The description as an OpenAPI document.
///
/// - SeeAlso: OpenAPI Specification 3.1.1.
package struct OpenAPIDocument {
    /// The program's.
    let version: String

    package init(version: String) { self.version = version }

    /// Compact JSON.
    package var text: String { json.text }

    var json: JSONValue {
        .object(of: [
            ("openapi", "3.1.1"),
            (
                "info",
                [
                    "title": .string(APIDescription.title), "version": .string(version),
                    "summary": .string(APIDescription.summary), "description": .string(APIDescription.note),
                    "license": ["name": "Apache License 2.0", "identifier": "Apache-2.0"],
                ]
            ),
            ("servers", [["url": "/"]]),
            (
                "tags",
                .array(
                    APIDescription.areas.map { ["name": .string($0.name), "description": .string($0.note)] })
            ),
            ("paths", paths),
            (
                "components",
                [
                    "schemas": .object(
                        APIDescription.shapes.map { .init(name: $0.name, value: Self.json($0)) }),
                    "responses": .object(SharedAnswer.all.map { .init(name: $0.name, value: $0.answer.json) }),
                    "headers": .object(
                        APIDescription.headers.map { .init(name: $0.name, value: $0.json) }),
                    "parameters": .object(
                        ParameterGroup.all.flatMap(\.parameters).uniqued.map {
                            .init(name: $0.name, value: $0.json)
                        }),
                ]
            ),
        ])
    }

    private var paths: JSONValue {
        var paths: [(path: String, operations: [JSONValue.Member])] = []
        for area in APIDescription.areas {
            for operation in area.operations {
                let member = JSONValue.Member(
                    name: operation.method.rawValue.lowercased(), value: operation.json(tag: area.name))
                if let known = paths.firstIndex(where: { $0.path == operation.path }) {
                    paths[known].operations.append(member)
                } else {
                    paths.append((operation.path, [member]))
                }
            }
        }
        return .object(paths.map { .init(name: $0.path, value: .object($0.operations)) })
    }

    private static func json(_ shape: Shape) -> JSONValue {
        guard case .object(let members) = shape.schema.json else { return [:] }
        return .object([.init(name: "description", value: .string(shape.note))] + members)
    }
}

extension Operation {
    fileprivate func json(tag: String) -> JSONValue {
        let shared = groups.flatMap(\.parameters).uniqued.map {
            ["$ref": .string("#/components/parameters/\($0.name)")] as JSONValue
        }
        return .object(of: [
            ("operationId", .string(id)), ("tags", [.string(tag)]), ("summary", .string(summary)),
            ("description", note.isEmpty ? nil : .string(note)),
            ("parameters", .array(parameters.map(\.json) + shared)),
            ("requestBody", body?.json),
            ("responses", .object(responses.sorted { $0.name < $1.name })),
        ])
    }
}

extension Operation {
    private var responses: [JSONValue.Member] {
        answers.map { .init(name: "\($0.status)", value: $0.json) }
            + refusals.map {
                .init(
                    name: "\($0.answer.status)", value: ["$ref": .string("#/components/responses/\($0.name)")])
            }
    }
}

extension Parameter {
    fileprivate var json: JSONValue {
        .object(of: [
            ("name", .string(name)), ("in", .string(place.rawValue)), ("description", .string(note)),
            ("required", isNeeded ? true : nil),
            ("schema", (isRepeatable ? Schema.array(of: schema) : schema).json),
            ("example", example.map { .string($0) }),
        ])
    }
}

extension Payload {
    fileprivate var json: JSONValue {
        .object(of: [
            ("description", note.isEmpty ? nil : .string(note)), ("required", .bool(isNeeded)),
            ("content", .object([.init(name: type, value: media)])),
        ])
    }

    private var media: JSONValue {
        .object(of: [("schema", schema.json), ("example", example)])
    }
}

extension Answer {
    fileprivate var json: JSONValue {
        .object(of: [
            ("description", .string(note)),
            (
                "headers",
                headers.isEmpty
                    ? nil
                    : .object(
                        headers.map {
                            .init(name: $0.name, value: ["$ref": .string("#/components/headers/\($0.name)")])
                        })
            ),
            (
                "content",
                contents.isEmpty
                    ? nil : .object(contents.map { .init(name: $0.type, value: ["schema": $0.schema.json]) })
            ),
            ("links", links.isEmpty ? nil : .object(links.map { .init(name: $0.operation, value: $0.json) })),
        ])
    }
}

extension Answer.Header {
    fileprivate var json: JSONValue {
        ["description": .string(note), "required": .bool(isAlways), "schema": schema.json]
    }
}

extension Answer.Link {
    fileprivate var json: JSONValue {
        [
            "operationId": .string(operation),
            "parameters": .object([.init(name: parameter, value: .string("$response.body#\(member)"))]),
        ]
    }
}

extension [Parameter] {
    /// Without those that stand there already, by their names.
    var uniqued: [Parameter] {
        var names: Set<String> = []
        return filter { names.insert($0.name).inserted }
    }
}

extension Schema {
    /// The schema in JSON Schema's words (2020-12), which OpenAPI 3.1 uses.
    var json: JSONValue {
        switch self {
        case .string(let form, let format, let most):
            .object(of: [
                ("type", "string"), ("pattern", form.map { .string($0) }), ("format", format.map { .string($0) }),
                ("maxLength", most.map { .integer($0) }),
            ])
        case .word(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .integer(let least, let most):
            .object(of: [
                ("type", "integer"), ("minimum", least.map { .integer($0) }), ("maximum", most.map { .integer($0) }),
            ])
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .flag: Self.word(of: [""] + GoBool.words).json
        case .array(let element, let most):
            .object(of: [
                ("type", "array"), ("items", element.json), ("maxItems", most.map { .integer($0) }),
            ])
        case .map(let value, let keys, let most):
            .object(of: [
                ("type", "object"), ("propertyNames", keys.map { ["pattern": .string($0)] }),
                ("additionalProperties", value.json), ("maxProperties", most.map { .integer($0) }),
            ])
        case .answer(let fields): Self.object(fields, isRequest: false)
        case .request(let fields): Self.object(fields, isRequest: true)
        case .named(let shape): ["$ref": .string("#/components/schemas/\(shape.name)")]
        case .nullable(let schema): ["anyOf": .array([schema.json, ["type": "null"]])]
        case .either(let schemas): ["anyOf": .array(schemas.map(\.json))]
        case .anything: [:]
        }
    }

    private static func object(_ fields: [Field], isRequest: Bool) -> JSONValue {
        let required = fields.filter { $0.isRequired ?? !isRequest }
        return .object(of: [
            ("type", "object"),
            ("properties", .object(fields.map { .init(name: $0.name, value: $0.json(isRequest: isRequest)) })),
            ("required", required.isEmpty ? nil : .array(required.map { .string($0.name) })),
            ("additionalProperties", isRequest ? false : nil),
        ])
    }

    /// The shapes that it is made of, those inside first.
    var shapes: [Shape] {
        switch self {
        case .string, .word, .integer, .number, .boolean, .flag, .anything: []
        case .array(let element, _): element.shapes
        case .map(let value, _, _): value.shapes
        case .answer(let fields), .request(let fields): fields.flatMap(\.schema.shapes)
        case .named(let shape): shape.schema.shapes + [shape]
        case .nullable(let schema): schema.shapes
        case .either(let schemas): schemas.flatMap(\.shapes)
        }
    }
}

extension Field {
    fileprivate func json(isRequest: Bool) -> JSONValue {
        let isNullable = isRequest && isRequired != true
        let schema = (isNullable ? Schema.nullable(schema) : schema).json
        guard !note.isEmpty, case .object(let members) = schema else { return schema }
        return .object(members + [.init(name: "description", value: .string(note))])
    }
}

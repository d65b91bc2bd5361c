import HTTPTypes

/// The description as a page for people: `docs/api.md`.
package enum APIReference {
    /// Markdown.
    package static var page: String {
        ([introduction, contents] + APIDescription.areas.map(section) + [parameters, headers, refusals, shapes])
            .joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # HTTP API reference

        <!-- Made by `make reference` from Sources/HTTPAPI/OpenAPI. A test compares it. -->

        Every endpoint, with what it takes and answers. A server has the same as an OpenAPI 3.1 document at
        `/v1/berth/openapi.json`, and `berth openapi` prints it. [http.md](http.md) says how things behave.

        \(APIDescription.note)
        """

    private static var contents: String {
        let areas = APIDescription.areas.map { area in
            let paths = area.operations.map { link("`\(title($0))`", to: title($0)) }.joined(separator: ", ")
            return "- **\(link(area.name, to: area.name))**: \(paths)"
        }
        return areas.joined(separator: "\n")
    }

    // MARK: Endpoints

    private static func section(_ area: Area) -> String {
        (["## \(area.name)", area.note] + area.operations.map(section)).joined(separator: "\n\n")
    }

    private static func title(_ operation: Operation) -> String { "\(operation.method.rawValue) \(operation.path)" }

    private static func section(_ operation: Operation) -> String {
        var parts = ["### \(title(operation))", paragraph(operation)]
        if !operation.parameters.isEmpty { parts.append(table(operation.parameters)) }
        if let body = operation.body { parts.append(paragraph(body)) }
        parts.append(table(operation.answers))
        return parts.joined(separator: "\n\n")
    }

    private static func paragraph(_ operation: Operation) -> String {
        let groups = operation.groups.map { link("of \($0.name)", to: heading($0)) }
        let shared = groups.isEmpty ? "" : "Takes the parameters \(groups.joined(separator: " and ")) too."
        return [operation.summary, operation.note, shared].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func paragraph(_ body: Payload) -> String {
        let need = body.isNeeded ? "" : ", which may be empty,"
        let note = body.note.isEmpty ? "" : " \(body.note)"
        let example = body.example.map { "\n\n```json\n\($0.text)\n```" } ?? ""
        let form: String = if case .anything = body.schema { "octets" } else { "JSON: \(text(body.schema))" }
        return "The body\(need) is \(form).\(note)\(example)"
    }

    private static func table(_ parameters: [Parameter]) -> String {
        let rows = parameters.map { parameter in
            let place = parameter.place == .query ? "" : " (\(parameter.place.rawValue))"
            let need = parameter.isNeeded && parameter.place == .query ? " Needed." : ""
            let many = parameter.isRepeatable ? " Repeatable." : ""
            return row("`\(parameter.name)`\(place)", text(parameter.schema), parameter.note + need + many)
        }
        return (["| parameter | | |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func table(_ answers: [Answer]) -> String {
        let rows = answers.map { answer in
            let contents = answer.contents.filter { answer.status < 400 || $0.type == "application/json" }
            let forms = contents.map { $0.type == "application/json" ? text($0.schema) : "`\($0.type)`" }
            let note = [answer.note, sentence(answer.headers)].filter { !$0.isEmpty }.joined(separator: " ")
            return row("\(answer.status)", forms.joined(separator: " or "), note)
        }
        return (["| status | | |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func sentence(_ headers: [Answer.Header]) -> String {
        guard !headers.isEmpty else { return "" }
        guard headers.first?.name != [Answer.Header].read.first?.name else {
            return "With the \(link("headers of reads", to: readHeaders))."
        }
        return "With \(headers.map { "`\($0.name)`" }.joined(separator: ", "))."
    }

    // MARK: What several have

    private static func heading(_ group: ParameterGroup) -> String { "Parameters of \(group.name)" }

    private static var parameters: String {
        ParameterGroup.all.map { group in
            ["## \(heading(group))", group.note, table(group.parameters)].joined(separator: "\n\n")
        }.joined(separator: "\n\n")
    }

    private static let readHeaders = "Headers of reads"

    private static var headers: String {
        let read: [Answer.Header] = .read
        let others = APIDescription.headers.filter { header in !read.contains { $0.name == header.name } }
        func table(_ headers: [Answer.Header]) -> String {
            let rows = headers.map { row("`\($0.name)`", text($0.schema), $0.note) }
            return (["| header | | |", "|---|---|---|"] + rows).joined(separator: "\n")
        }
        return ["## \(readHeaders)", table(read), "## Other headers", table(others)].joined(separator: "\n\n")
    }

    private static var refusals: String {
        let note = """
            Besides what each endpoint says. Those of 503 and 507 are for writes, 413 is for those with a body; what an
            endpoint says itself of a status holds.
            """
        return ["## What every request may get", note, table(SharedAnswer.all.map(\.answer))].joined(separator: "\n\n")
    }

    private static var shapes: String {
        let sections = APIDescription.shapes.sorted { $0.name < $1.name }.map { shape in
            ["### \(shape.name)", shape.note, table(shape.schema)].joined(separator: "\n\n")
        }
        let note = """
            Of an answer's objects all members are there, unless they are said to be left out at times. Of a request's \
            objects those are needed that are said to be; `null` is the same as nothing.
            """
        return (["## Shapes", note] + sections).joined(separator: "\n\n")
    }

    private static func table(_ schema: Schema) -> String {
        let fields: [Field]
        let usual: Bool
        switch schema {
        case .answer(let all): (fields, usual) = (all, true)
        case .request(let all): (fields, usual) = (all, false)
        default: return text(schema)
        }
        let rows = fields.map { field in
            let isRequired = field.isRequired ?? usual
            let presence = isRequired == usual ? "" : isRequired ? "Needed." : "Left out at times."
            let note = [field.note, presence].filter { !$0.isEmpty }.joined(separator: " ")
            return row("`\(field.name)`", text(field.schema), note)
        }
        return (["| member | | |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func row(_ cells: String...) -> String {
        "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }

    /// As GitHub makes anchors of headings.
    private static func link(_ text: String, to heading: String) -> String {
        let anchor = heading.lowercased().unicodeScalars.compactMap { scalar -> String? in
            if scalar == " " { return "-" }
            return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
                ? String(scalar) : nil
        }
        return "[\(text)](#\(anchor.joined()))"
    }
}

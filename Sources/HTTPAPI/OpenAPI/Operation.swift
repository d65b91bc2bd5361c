import HTTPTypes

/// What one method on one path does, takes and answers: what the OpenAPI document and the reference page are made from.
struct Operation: Sendable {
    let method: HTTPRequest.Method
    /// Parts in braces are parameters: `/v1/kv/{key}`.
    let path: String
    /// A name of its own, for programs.
    let id: String
    /// One sentence.
    let summary: String
    /// More sentences, or none.
    let note: String
    let parameters: [Parameter]
    /// Those that many operations have in common.
    let groups: [ParameterGroup]
    let body: Payload?
    /// Those of its own.
    let answers: [Answer]

    static func get(
        _ path: String, _ id: String, _ summary: String, note: String = "", _ parameters: [Parameter] = [],
        also groups: [ParameterGroup] = [], gives answers: Answer...
    ) -> Operation {
        Operation(
            method: .get, path: path, id: id, summary: summary, note: note, parameters: parameters, groups: groups,
            body: nil, answers: answers)
    }

    static func put(
        _ path: String, _ id: String, _ summary: String, note: String = "", _ parameters: [Parameter] = [],
        also groups: [ParameterGroup] = [], takes body: Payload? = nil, gives answers: Answer...
    ) -> Operation {
        Operation(
            method: .put, path: path, id: id, summary: summary, note: note, parameters: parameters, groups: groups,
            body: body, answers: answers)
    }

    static func post(
        _ path: String, _ id: String, _ summary: String, note: String = "", _ parameters: [Parameter] = [],
        also groups: [ParameterGroup] = [], takes body: Payload? = nil, gives answers: Answer...
    ) -> Operation {
        Operation(
            method: .post, path: path, id: id, summary: summary, note: note, parameters: parameters, groups: groups,
            body: body, answers: answers)
    }

    static func delete(
        _ path: String, _ id: String, _ summary: String, note: String = "", _ parameters: [Parameter] = [],
        also groups: [ParameterGroup] = [], gives answers: Answer...
    ) -> Operation {
        Operation(
            method: .delete, path: path, id: id, summary: summary, note: note, parameters: parameters, groups: groups,
            body: nil, answers: answers)
    }

    /// What every operation may answer. What one says itself of a status holds.
    var refusals: [SharedAnswer] {
        let given = Set(answers.map(\.status))
        return SharedAnswer.all.filter { refusal in
            !given.contains(refusal.answer.status)
                && (method != .get || refusal.isOfReads) && (body != nil || !refusal.isOfBodies)
        }
    }
}

/// Operations that belong together.
struct Area: Sendable {
    let name: String
    /// A few sentences.
    let note: String
    let operations: [Operation]
}

/// One parameter of the path, the query or the header.
struct Parameter: Sendable {
    enum Place: String, Sendable {
        case path
        case query
        case header
    }

    let place: Place
    let name: String
    let note: String
    let schema: Schema
    var isRepeatable = false
    var isNeeded = false
    var example: String?

    static func path(_ name: String, _ note: String, example: String) -> Parameter {
        Parameter(place: .path, name: name, note: note, schema: .string(), isNeeded: true, example: example)
    }

    static func query(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
        Parameter(place: .query, name: name, note: note, schema: schema)
    }

    /// It counts whether it is there, whatever its value.
    static func present(_ name: String, _ note: String) -> Parameter { query(name, .string(), note) }

    /// It may be given several times.
    static func repeatable(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
        Parameter(place: .query, name: name, note: note, schema: schema, isRepeatable: true)
    }

    var needed: Parameter {
        var parameter = self
        parameter.isNeeded = true
        return parameter
    }
}

/// Parameters that many operations have in common.
struct ParameterGroup: Sendable {
    let name: String
    let note: String
    let parameters: [Parameter]
}

/// The body of a request.
struct Payload: Sendable {
    let type: String
    let schema: Schema
    var note = ""
    private(set) var isNeeded = true
    /// One that makes sense, as JSON.
    var example: JSONValue?

    static func json(_ schema: Schema, example: JSONValue? = nil) -> Payload {
        Payload(type: "application/json", schema: schema, example: example)
    }

    /// It may be empty.
    var optional: Payload {
        var payload = self
        payload.isNeeded = false
        return payload
    }

    static func octets(_ note: String) -> Payload {
        Payload(type: "application/octet-stream", schema: .anything, note: note, isNeeded: false)
    }
}

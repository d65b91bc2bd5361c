/// What comes with one status code.
struct Answer: Sendable {
    let status: Int
    let note: String
    /// By media type; empty: no body.
    var contents: [(type: String, schema: Schema)] = []
    var headers: [Header] = []
    /// The operations to which a member of this answer leads.
    var links: [Link] = []

    struct Header: Sendable {
        let name: String
        let schema: Schema
        let note: String
        var isAlways = true
    }

    struct Link: Sendable {
        /// The id of the operation, of whose path the member is the parameter.
        let operation: String
        let parameter: String
        /// A JSON pointer.
        let member: String
    }

    // MARK: Successes

    static func json(_ schema: Schema, _ note: String = "Done.") -> Answer {
        Answer(status: 200, note: note, contents: [("application/json", schema)])
    }

    /// What can be waited on.
    static func read(_ schema: Schema, _ note: String = "What there is.") -> Answer {
        Answer(status: 200, note: note, contents: [("application/json", schema)], headers: .read)
    }

    static let done = Answer(status: 200, note: "Done; no body.")
    /// Of writes that another writer may come before.
    static let whetherDone = json(.boolean, "Whether it was done.")
    static let isDone = json(.boolean, "Done: `true`.")

    func with(_ headers: Header...) -> Answer {
        var answer = self
        answer.headers += headers
        return answer
    }

    func leading(to operations: String..., by parameter: String, member: String) -> Answer {
        var answer = self
        answer.links += operations.map { Link(operation: $0, parameter: parameter, member: member) }
        return answer
    }

    // MARK: Failures

    static func failure(_ status: Int, _ note: String, headers: [Header] = []) -> Answer {
        Answer(
            status: status, note: note,
            contents: [("text/plain", .string()), ("application/problem+json", .named(.problem))], headers: headers)
    }

    static func unknown(_ note: String) -> Answer { failure(404, note) }
    static let conflict = failure(
        409, "What is there belongs to a container, to the agent, or to this node itself. Nothing was changed.")
}

extension [Answer.Header] {
    /// The state of a read.
    static let read: [Answer.Header] = [
        .init(name: "X-Consul-Index", schema: .index, note: "What to wait with: `?index=`."),
        .init(name: "X-Consul-KnownLeader", schema: .word(of: ["true"]), note: "Always true."),
        .init(name: "X-Consul-LastContact", schema: .word(of: ["0"]), note: "Always 0."),
        .init(
            name: "X-Consul-Effective-Consistency", schema: .word(of: ["leader", "consistent", "stale"]),
            note: "What was asked for; the answer is the newest anyway."),
        .init(
            name: "X-Cache", schema: .word(of: ["HIT"]), note: "Where `?cached` asked for it; with `Age: 0`.",
            isAlways: false),
    ]
}

extension Answer.Header {
    static let retryAfter = Self(
        name: "Retry-After", schema: .integer(from: 0), note: "Seconds, where trying again may help.", isAlways: false)
    static let serviceName = Self(
        name: "X-Berth-Service-Name", schema: .string(), note: "The name it got, where that is not the one asked for.",
        isAlways: false)
}

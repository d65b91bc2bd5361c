/// The whole HTTP API: what the OpenAPI document and the reference page are made from.
///
/// The routes themselves know nothing of it. A test holds that it describes every route that there is, and no other; another
/// one sends the server requests made from the document and compares the answers with it.
package enum APIDescription {
    static let title = "Berth"
    static let summary = "Service discovery for Docker hosts: DNS, Consul's HTTP API and configuration files."

    static let areas: [Area] = [
        .status, .catalog, .health, .agent, .agentServices, .agentChecks, .keys, .sessions, .transactions, .queries,
        .events, .snapshots, .coordinates, .overviews, .berth,
    ]

    /// Headers of answers, each once.
    static var headers: [Answer.Header] {
        let answers = operations.flatMap(\.answers) + SharedAnswer.all.map(\.answer)
        var names: Set<String> = []
        return answers.flatMap(\.headers).filter { names.insert($0.name).inserted }
    }

    static var operations: [Operation] { areas.flatMap(\.operations) }

    /// Every shape once, those that others are made of first.
    static var shapes: [Shape] {
        var names: Set<String> = []
        return schemas.flatMap(\.shapes).filter { names.insert($0.name).inserted }
    }

    private static var schemas: [Schema] {
        let answers = operations.flatMap(\.answers) + SharedAnswer.all.map(\.answer)
        return operations.compactMap { $0.body?.schema } + answers.flatMap { $0.contents.map(\.schema) }
    }

    /// What holds for all of the API, in paragraphs.
    static let note = """
        What is wrong with a request is the client's fault: 4xx and a sentence as plain text, or a problem detail \
        (RFC 9457) for who asks for `application/problem+json`. Other methods than those named are 405 with `Allow`, and \
        `OPTIONS` answers with that alone.

        Members of bodies are matched without regard to case, and of a member given twice the last counts. Parameters that \
        nobody knows are not looked at, members that nobody knows are refused.
        """
}

import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// Answers reads of the catalog: at once, or when what they show has changed since the reader last looked.
struct CatalogReads: Sendable {
    let agent: Agent
    let registry: Registry
    let watchers: Watchers
    let namePolicy: NamePolicy
    let encoded: EncodedAnswers
    let ready: ReadyAnswers

    /// Reads what `subjects` say.
    ///
    /// - Parameters:
    ///   - subjects: the parts of the catalog that the answer is made from: what a blocking query waits on.
    ///   - answer: makes the answer, once.
    /// - Throws: ``FieldError`` for parameters that make no sense; what `answer` throws.
    func answer(
        _ request: APIRequest, of subjects: Subject...,
        from answer: (CatalogSnapshot, ReadOptions) throws -> some Encodable
    ) async throws -> Response {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        return try await self.answer(request, options, of: subjects) { try answer($0, options) }
    }

    /// Reads one service, by the path's name.
    ///
    /// - Parameter answer: makes the answer from those instances that the parameters ask for.
    func answerService(
        _ request: APIRequest, from answer: (CatalogSnapshot, [InstanceEntry]) throws -> some Encodable
    ) async throws -> Response {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        let read = try ServiceRead(request, options, policy: namePolicy)
        return try await self.answer(request, options, of: [read.subject]) { try answer($0, read.instances(in: $0)) }
    }

    private func answer(
        _ request: APIRequest, _ options: ReadOptions, of subjects: [Subject],
        from answer: (CatalogSnapshot) throws -> some Encodable
    ) async throws -> Response {
        let snapshot = try await snapshot(for: request, options, of: subjects)
        let version = snapshot.version(of: subjects, ofAllNodes: options.selectsAllNodes)
        let question = request.question
        let body: ByteBuffer
        if let known = encoded.known(question, version: version) {
            body = known
        } else {
            // It may have megabytes: not on the event loop, which serves other connections meanwhile.
            body = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                try encoded.answer(to: question, version: version) {
                    try WireJSON.encode(answer(snapshot), isPretty: request.isPretty)
                }
            }
        }
        let headers = ReadHeaders(index: snapshot.index(of: subjects), options: options).fields
        let response = Response.json(body, headers: headers)
        // Unless both have understood the same of when to answer, the next one could be answered too early.
        if let asked = request.circumstances.question, asked.index == options.index {
            ready.keep(
                ReadyAnswers.Answer(head: response.head, body: body, route: request.route), to: asked, of: subjects,
                version: version, showsAllNodes: options.selectsAllNodes)
        }
        return response
    }

    /// What there is: at once, or when `subjects` have changed since the reader last looked.
    func snapshot(
        for request: APIRequest, _ options: ReadOptions, of subjects: [Subject]
    ) async throws(APIError) -> CatalogSnapshot {
        var wakeUp = request.circumstances.wakeUp
        if wakeUp == nil, let seen = options.index, registry.snapshot.index(of: subjects) <= seen {
            wakeUp = await watchers.wait(
                for: subjects, after: seen, until: .now() + TimeAmount(Self.extended(options.wait)),
                on: request.channel)
        }
        guard wakeUp != .hangUp else { throw .hungUp }
        return registry.snapshot
    }

    /// Up to a sixteenth more: clients that began to wait together do not all come back together.
    static func extended(_ wait: Duration) -> Duration { wait + wait * .random(in: 0...1) / 16 }
}

extension CatalogSnapshot {
    /// A number that is another whenever an answer about `subjects` may be.
    ///
    /// An index covers what readers are woken for. An answer may show a little more than that, such as the tags beside a
    /// check, but for those about single services, of which the index covers everything.
    func version(of subjects: [Subject], ofAllNodes: Bool) -> UInt64 {
        let areServices = subjects.allSatisfy { if case .service = $0 { true } else { false } }
        return areServices && ofAllNodes ? self.index(of: subjects) : index
    }

    /// The node of this name or, as Consul's clients may also ask, of this id. Costs a pass over the nodes for an id.
    func node(called text: String) -> NodeEntry? {
        if let name = try? NodeName(text), let node = node(name) { return node }
        return nodes.first { $0.node.value.id == text.lowercased() }
    }
}

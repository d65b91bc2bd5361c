import Hummingbird
import NIOCore
import Registry

/// Answers reads of the catalog: at once, or when what they show has changed since the reader last looked.
struct CatalogReads: Sendable {
    let agent: Agent
    let registry: Registry
    let watchers: Watchers
    let namePolicy: NamePolicy

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
        return try .json(
            answer(snapshot), to: request,
            headers: ReadHeaders(index: snapshot.index(of: subjects), options: options).fields)
    }

    /// What there is: at once, or when `subjects` have changed since the reader last looked.
    func snapshot(
        for request: APIRequest, _ options: ReadOptions, of subjects: [Subject]
    ) async throws(APIError) -> CatalogSnapshot {
        if let seen = options.index, registry.snapshot.index(of: subjects) <= seen {
            let wakeUp = await watchers.wait(
                for: subjects, after: seen, until: .now() + TimeAmount(Self.extended(options.wait)),
                on: request.channel)
            guard wakeUp != .hangUp else { throw APIError.hungUp }
        }
        return registry.snapshot
    }

    /// Up to a sixteenth more: clients that began to wait together do not all come back together.
    static func extended(_ wait: Duration) -> Duration { wait + wait * .random(in: 0...1) / 16 }
}

extension CatalogSnapshot {
    /// The node of this name or, as Consul's clients may also ask, of this id. Costs a pass over the nodes for an id.
    func node(called text: String) -> NodeEntry? {
        if let name = try? NodeName(text), let node = node(name) { return node }
        return nodes.first { $0.node.value.id == text.lowercased() }
    }
}

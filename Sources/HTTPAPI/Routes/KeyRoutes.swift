import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// `/v1/kv`: keys with their values and locks.
struct KeyRoutes {
    let reads: CatalogReads
    let bodies: BodyBudget

    private var registry: Registry { reads.registry }

    var endpoints: [Endpoint] {
        ["/v1/kv", "/v1/kv/**"].flatMap { path in
            [Endpoint.get(path, get), .put(path, put), .delete(path, delete)]
        }
    }

    private func path(of request: APIRequest) throws -> String { try request.path(below: "/v1/kv/") }

    // MARK: Reading

    @Sendable private func get(_ request: APIRequest) async throws -> Response {
        if request.has("keys") { return try await names(request) }
        if request.has("recurse") {
            let prefix = try KeyPrefix(path(of: request))
            return try await respond(request, of: .keys(under: prefix)) { snapshot, headers in
                let entries = snapshot.keys.entries(under: prefix)
                return entries.isEmpty
                    ? .missing(headers) : try .json(entries.map { KeyJSON($0) }, to: request, headers: headers)
            }
        }
        let key = try Key(path(of: request))
        return try await respond(request, of: .key(key)) { snapshot, headers in
            guard let entry = snapshot.keys.entry(key) else { return .missing(headers) }
            guard request.has("raw") else { return try .json([KeyJSON(entry)], to: request, headers: headers) }
            return .raw(entry.value, headers: headers)
        }
    }

    /// The keys alone, as far as a separator.
    private func names(_ request: APIRequest) async throws -> Response {
        let prefix = try KeyPrefix(path(of: request))
        // The second spelling is wrong in Consul, and in the clients that follow it.
        let separator = request.text("separator") ?? request.text("seperator") ?? ""
        return try await respond(request, of: .keys(under: prefix)) { snapshot, headers in
            let names = snapshot.keys.names(under: prefix, upTo: separator)
            guard !names.isEmpty || prefix.octets.isEmpty else { return .missing(headers) }
            return try .json(names, to: request, headers: headers)
        }
    }

    private func respond(
        _ request: APIRequest, of subject: Subject, from answer: (CatalogSnapshot, HTTPFields) throws -> Response
    ) async throws -> Response {
        let options = try ReadOptions(request, datacenter: reads.agent.datacenter)
        let snapshot = try await reads.snapshot(for: request, options, of: [subject])
        return try answer(snapshot, ReadHeaders(index: snapshot.index(of: [subject]), options: options).fields)
    }

    // MARK: Writing

    @Sendable private func put(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        let key = try Key(path(of: request))
        try refuseConflict(of: ["cas", "acquire", "release"], in: request)
        let flags = try number("flags", in: request) ?? 0
        let index = try number("cas", in: request)
        return try await request.withBody(within: bodies, atMost: bodies.largestValue) { value in
            let content = KeyOperation.Content(value: value, flags: flags)
            let operation: KeyOperation =
                if let index {
                    .compareAndSet(key, content, index: index)
                } else if request.has("acquire") {
                    .lock(key, content, request.text("acquire") ?? "")
                } else if request.has("release") {
                    .unlock(key, content, request.text("release") ?? "")
                } else {
                    .set(key, content)
                }
            return try await perform(operation, for: request)
        }
    }

    @Sendable private func delete(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        try refuseConflict(of: ["cas", "recurse"], in: request)
        let path = try path(of: request)
        if request.has("recurse") { return try await perform(.deleteTree(KeyPrefix(path)), for: request) }
        let key = try Key(path)
        guard let index = try number("cas", in: request) else { return try await perform(.delete(key), for: request) }
        return try await perform(.compareAndDelete(key, index: index), for: request)
    }

    /// - Returns: whether it was done: another writer may have been first.
    private func perform(_ operation: KeyOperation, for request: APIRequest) async throws -> Response {
        switch try await registry.perform(Transaction([.key(operation)])) {
        case .done: return try .json(true, to: request)
        case .failed(let faults):
            for case .impossible(let reason) in faults.map(\.reason) { throw FieldError(reason) }
            return try .json(false, to: request)
        }
    }

    private func refuseConflict(of names: [String], in request: APIRequest) throws(FieldError) {
        let given = names.filter { request.has($0) }
        guard given.count > 1 else { return }
        throw FieldError("Conflicting flags: \(given.joined(separator: "&"))")
    }

    private func number(_ name: String, in request: APIRequest) throws(FieldError) -> UInt64? {
        guard request.has(name) else { return nil }
        let text = request.text(name) ?? ""
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = UInt64(text)
        else { throw FieldError("?\(name)", "must be a whole number from 0 to \(UInt64.max), not \(quoted(text))") }
        return value
    }
}

extension Response {
    /// Consul's way to say that nothing is there: no body, but an index to wait with.
    fileprivate static func missing(_ headers: HTTPFields) -> Response { Response(status: .notFound, headers: headers) }

    /// A value as it is. Whoever opens it in a browser must not run it: anybody may have written it.
    fileprivate static func raw(_ value: [UInt8], headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = "text/plain"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "sandbox"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: value)))
    }
}

import Foundation
import Hummingbird
import NIOCore
import Registry

/// `/v1/event`: messages to everybody who listens, of which the newest are kept.
struct EventRoutes {
    let reads: CatalogReads
    let bodies: BodyBudget

    private var agent: Agent { reads.agent }

    var endpoints: [Endpoint] {
        [
            .put("/v1/event/fire") { _ in throw FieldError("Missing name") },
            .put("/v1/event/fire/:name", fire),
            .get("/v1/event/list", list),
        ]
    }

    @Sendable private func fire(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        let name = try request.parameter("name")
        guard name.utf8.count <= 128 else { throw FieldError("the event's name", "is longer than 128 octets") }
        let node = try EventFilter(request, "node")
        let service = try EventFilter(request, "service")
        let tag = try EventFilter(request, "tag")
        guard tag == nil || service != nil else { throw FieldError("Cannot provide tag filter without service filter") }
        return try await request.withBody(within: bodies, atMost: Event.maximumPayloadSize) { payload in
            let event = Event(
                id: UUID().uuidString.lowercased(), name: name, payload: payload, nodeFilter: node?.text ?? "",
                serviceFilter: service?.text ?? "", tagFilter: tag?.text ?? "")
            // As in Consul, it is not heard by those it is not for.
            if isForThisNode(node, service, tag) { try await reads.registry.submit([.event(event)]) }
            return try .json(EventJSON(event, time: 0), to: request)
        }
    }

    private func isForThisNode(_ node: EventFilter?, _ service: EventFilter?, _ tag: EventFilter?) -> Bool {
        guard node?.pattern.matches(agent.node.text) ?? true else { return false }
        guard let service else { return true }
        return reads.registry.snapshot.instances(on: agent.node).contains { entry in
            let instance = entry.instance.value
            guard service.pattern.matches(instance.name.text) else { return false }
            guard let tag else { return true }
            return instance.tags.contains { tag.pattern.matches($0) }
        }
    }

    /// Waits, for a reader that says which event is the newest it knows, for a newer one.
    @Sendable private func list(_ request: APIRequest) async throws -> Response {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        let deadline = NIODeadline.now() + TimeAmount(CatalogReads.extended(options.wait))
        while true {
            let snapshot = reads.registry.snapshot
            let events = snapshot.events.events.filter { isWanted($0.value, by: request) }
            let index = events.last?.value.listIndex ?? 1
            if index == options.index {
                switch await reads.watchers.wait(
                    for: [.events], after: snapshot.index(of: [.events]), until: deadline, on: request.channel)
                {
                case .change: continue
                case .deadline, .shutdown: break
                case .hangUp: throw APIError.hungUp
                }
            }
            return try .json(
                events.map { EventJSON($0.value, time: $0.createIndex) }, to: request,
                headers: ReadHeaders(index: index, options: options).fields)
        }
    }

    /// By name, and by the filters that it was told with.
    private func isWanted(_ event: Event, by request: APIRequest) -> Bool {
        let pairs = [
            ("name", event.name), ("node", event.nodeFilter), ("service", event.serviceFilter),
            ("tag", event.tagFilter),
        ]
        return pairs.allSatisfy { name, value in request.text(name).map { $0 == value } ?? true }
    }
}

/// Whom an event is for.
private struct EventFilter {
    let text: String
    let pattern: Pattern

    /// - Returns: `nil`: the parameter is not given.
    /// - Throws: ``FieldError`` if it is not a regular expression.
    init?(_ request: APIRequest, _ name: String) throws(FieldError) {
        guard let text = request.text(name) else { return nil }
        guard text.utf8.count <= 256 else { throw FieldError("Invalid \(name) filter: it is longer than 256 octets") }
        self.text = text
        do {
            pattern = try Pattern(text)
        } catch {
            throw FieldError("Invalid \(name) filter: \(error)")
        }
    }
}

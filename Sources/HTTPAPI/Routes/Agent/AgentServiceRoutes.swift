import HTTPTypes
import Hummingbird
import Logging
import Registry

/// `/v1/agent/service`, the writes: registrations on this node.
struct AgentServiceRoutes {
    let agent: Agent
    let registry: Registry
    let namePolicy: NamePolicy
    let permissions: CheckPermissions
    let bodies: BodyBudget
    let logger: Logger

    var endpoints: [Endpoint] {
        [
            .put("/v1/agent/service/register", register),
            .put("/v1/agent/service/deregister") { _ in throw FieldError("ServiceID missing") },
            .put("/v1/agent/service/deregister/**", deregister),
        ]
    }

    @Sendable private func register(_ request: APIRequest) async throws -> Response {
        let replacesChecks = try request.flag("replace-existing-checks")
        return try await request.withBody(within: bodies) { body in
            try await register(body, replacesChecks: replacesChecks)
        }
    }

    private func register(_ body: [UInt8], replacesChecks: Bool) async throws -> Response {
        guard !body.isEmpty else { throw FieldError("the body is empty; send the service as a JSON object") }
        let registration = try ServiceRegistration(
            JSONReader.read(body), node: agent.node, policy: namePolicy)
        let instance = registration.instance
        let checks = registration.checks
        for check in checks { try check.definition?.ensure(permissions) }
        let before = registration.isAltered ? registry.snapshot : nil
        try await registry.submit { catalog throws(CatalogError) in
            let present = try catalog.registered(instance.key)
            // Who takes an instance out of service is not who registers it again and again.
            let others = present?.others(than: checks).filter { !replacesChecks || $0.isMaintenance } ?? []
            // Without any checks of its own, a registration leaves those that are there.
            return [.putInstance(instance, checks: checks.isEmpty && !replacesChecks ? nil : others + checks)]
        }
        for check in checks { registry.heartbeats.note(registered: check) }
        if let before { tellChanges(registration, before: before) }
        guard registration.originalName != nil else { return .done }
        return Response(status: .ok, headers: [.berthServiceName: instance.name.text])
    }

    /// Logs what was registered otherwise than it was asked for: once, not again with each renewal.
    private func tellChanges(_ registration: ServiceRegistration, before snapshot: CatalogSnapshot) {
        let name = registration.instance.name
        if let original = registration.originalName,
            snapshot.service(name)?.instances.contains(where: { $0.instance.value.originalName == original }) != true
        {
            logger.notice(
                "a service is registered under a rewritten name",
                metadata: ["asked": "\(original)", "name": "\(name.text)"])
        }
        for (key, asked) in registration.slowedChecks where snapshot.check(key) == nil {
            logger.noteSlowedCheck(key, asked: asked)
        }
    }

    @Sendable private func deregister(_ request: APIRequest) async throws -> Response {
        let key = InstanceKey(node: agent.node, id: try request.pathRest())
        try await registry.submit { catalog throws(CatalogError) in
            _ = try catalog.registered(key)
            return [.removeInstance(key)]
        }
        return .done
    }
}

extension CatalogSnapshot {
    /// What was registered over HTTP under a key, or nothing.
    ///
    /// - Throws: ``CatalogError/derived(_:from:)`` if a container stands behind it: it would come back, or stay for ever.
    fileprivate func registered(_ key: InstanceKey) throws(CatalogError) -> InstanceEntry? {
        let present = instance(key)
        if let source = present?.instance.value.source { throw .derived(key, from: source) }
        return present
    }
}

extension InstanceEntry {
    /// The checks it has besides some that are about to be registered.
    fileprivate func others(than registered: [HealthCheck]) -> [HealthCheck] {
        let ids = Set(registered.map(\.id))
        return checks.map(\.value).filter { !ids.contains($0.id) }
    }
}

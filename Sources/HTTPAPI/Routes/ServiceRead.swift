import Registry

/// A read of one service by the path's name and Consul's parameters for it.
struct ServiceRead {
    let snapshot: CatalogSnapshot
    /// The index that a reader of this service waits on.
    let index: UInt64
    /// Those with every `?tag`, compared without case. None for a name that no service can have.
    let instances: [InstanceEntry]

    /// - Parameter policy: where names are rewritten, a service is found under the name it was registered with.
    /// - Throws: ``FieldError``.
    init(
        _ request: APIRequest, of snapshot: CatalogSnapshot, datacenter: String, policy: NamePolicy
    ) throws(FieldError) {
        try request.checkReadParameters(datacenter: datacenter)
        self.snapshot = snapshot
        guard let name = try? ServiceName(request.parameter("name"), policy: policy == .rewrite ? .rewrite : .allow)
        else {
            index = snapshot.extinctionIndex
            instances = []
            return
        }
        index = snapshot.index(of: name)
        let tags = request.values("tag").map { CaselessText($0) }
        instances = (snapshot.service(name)?.instances ?? []).filter { entry in
            tags.allSatisfy { tag in entry.instance.value.tags.contains { CaselessText($0) == tag } }
        }
    }
}

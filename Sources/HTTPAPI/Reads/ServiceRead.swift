import Registry

/// A read of one service by the path's name and Consul's parameters for it.
struct ServiceRead {
    /// `nil`: a name that no service can have.
    private let name: ServiceName?
    private let tags: [CaselessText]
    private let options: ReadOptions

    /// - Parameter policy: where names are rewritten, a service is found under the name it was registered with.
    /// - Throws: ``FieldError``.
    init(_ request: APIRequest, _ options: ReadOptions, policy: NamePolicy) throws(FieldError) {
        let text = try request.parameter("name")
        name = try? ServiceName(text, policy: policy == .rewrite ? .rewrite : .allow)
        tags = request.values("tag").map { CaselessText($0) }
        self.options = options
    }

    var subject: Subject { name.map { .service($0) } ?? .extinctions }

    /// Those with every `?tag`, compared without case, on nodes with every `?node-meta`.
    func instances(in snapshot: CatalogSnapshot) -> [InstanceEntry] {
        let instances = name.flatMap { snapshot.service($0)?.instances } ?? []
        return instances.filter { entry in
            tags.allSatisfy { tag in entry.instance.value.tags.contains { CaselessText($0) == tag } }
                && options.selects(entry, in: snapshot)
        }
    }
}

import Registry

/// Meta of instances that came with a change and that no SVCB or HTTPS record can be made of: each is told once, when it
/// is registered.
enum BindingComplaints {
    struct Complaint: Equatable {
        var service: ServiceName
        var instance: InstanceKey
        var error: BindingMetaError
    }

    static func of(_ delta: CatalogDelta, from old: CatalogSnapshot, to new: CatalogSnapshot) -> [Complaint] {
        let candidates = delta.services.filter { name in
            new.service(name)?.instances.contains { !$0.instance.value.meta.isEmpty } == true
        }
        return candidates.sorted().flatMap { name -> [Complaint] in
            let (gone, come) = ReverseIndex.difference(
                old.service(name)?.instances ?? [], new.service(name)?.instances ?? [])
            return come.lazy.map(\.instance.value).filter { !$0.meta.isEmpty }.flatMap { instance -> [Complaint] in
                let errors = errors(in: instance)
                guard !errors.isEmpty else { return [] }
                let before = gone.first { $0.instance.value.key == instance.key }?.instance.value.meta
                return before == instance.meta
                    ? [] : errors.map { Complaint(service: name, instance: instance.key, error: $0) }
            }
        }
    }

    private static func errors(in instance: ServiceInstance) -> [BindingMetaError] {
        ServiceBinding.Kind.allCases.compactMap { kind in
            do throws(BindingMetaError) {
                _ = try BindingMeta(instance.meta, kind)
                return nil
            } catch {
                return error
            }
        }
    }
}

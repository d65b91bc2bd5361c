// What can be selected of each kind of element, under Consul's names: all that it shows, but for indexes and definitions.

extension NodeJSON: Filterable {
    static let filterFields: FilterFields<NodeJSON> = [
        "ID": .text(\.id), "Node": .text(\.node), "Address": .text(\.address), "Datacenter": .text(\.datacenter),
        "TaggedAddresses": .map(\.taggedAddresses), "Meta": .map(\.meta),
    ]
}

extension AgentServiceJSON: Filterable {
    static let filterFields: FilterFields<AgentServiceJSON> = [
        "ID": .text(\.id), "Service": .text(\.service), "Kind": .text { _ in "" }, "Tags": .texts(\.tags),
        "Meta": .map(\.meta), "Port": .number(\.port), "Address": .text(\.address),
        "TaggedAddresses": .objects { $0.taggedAddresses ?? [:] }, "Weights": .object(\.weights),
        "EnableTagOverride": .bool(\.enableTagOverride), "Connect": .object { _ in MeshJSON.Nothing() },
    ]
}

extension ServiceJSON: Filterable {
    static let filterFields: FilterFields<ServiceJSON> = AgentServiceJSON.filterFields.within(\.service)
}

extension CatalogServiceJSON: Filterable {
    static let filterFields: FilterFields<CatalogServiceJSON> = [
        "ID": .text(\.node.id), "Node": .text(\.node.node), "Address": .text(\.node.address),
        "Datacenter": .text(\.node.datacenter), "TaggedAddresses": .map(\.node.taggedAddresses),
        "NodeMeta": .map(\.node.meta), "ServiceKind": .text { _ in "" }, "ServiceID": .text(\.service.id),
        "ServiceName": .text(\.service.service), "ServiceTags": .texts(\.service.tags),
        "ServiceAddress": .text(\.service.address),
        "ServiceTaggedAddresses": .objects { $0.service.taggedAddresses ?? [:] },
        "ServiceWeights": .object(\.service.weights), "ServiceMeta": .map(\.service.meta),
        "ServicePort": .number(\.service.port), "ServiceEnableTagOverride": .bool(\.service.enableTagOverride),
        "ServiceConnect": .object { _ in MeshJSON.Nothing() },
    ]
}

extension WeightsJSON: Filterable {
    static let filterFields: FilterFields<WeightsJSON> = ["Passing": .number(\.passing), "Warning": .number(\.warning)]
}

extension TaggedAddressJSON: Filterable {
    static let filterFields: FilterFields<TaggedAddressJSON> = ["Address": .text(\.address), "Port": .number(\.port)]
}

extension MeshJSON.Nothing: Filterable {
    static let filterFields: FilterFields<MeshJSON.Nothing> = ["Native": .bool { _ in false }]
}

extension HealthCheckJSON: Filterable {
    static let filterFields: FilterFields<HealthCheckJSON> = [
        "Node": .text(\.node), "CheckID": .text(\.checkID), "Name": .text(\.name), "Status": .text(\.status),
        "Notes": .text(\.notes), "Output": .text(\.output), "ServiceID": .text(\.serviceID),
        "ServiceName": .text(\.serviceName), "ServiceTags": .texts(\.serviceTags), "Type": .text(\.type),
    ]
}

extension HealthEntryJSON: Filterable {
    static let filterFields: FilterFields<HealthEntryJSON> = [
        "Node": .object(\.node), "Service": .object(\.service), "Checks": .list(\.checks),
    ]
}

extension UINodeJSON: Filterable {
    static let filterFields: FilterFields<UINodeJSON> = [
        "ID": .text(\.node.id), "Node": .text(\.node.node), "Address": .text(\.node.address),
        "TaggedAddresses": .map(\.node.taggedAddresses), "Meta": .map(\.node.meta), "Services": .list(\.services),
        "Checks": .list(\.checks),
    ]
}

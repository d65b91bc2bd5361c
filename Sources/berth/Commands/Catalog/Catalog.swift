import ArgumentParser

/// `berth catalog`: what is registered.
struct Catalog: CommandGroup {
    static let configuration = CommandConfiguration(
        abstract: "List what is registered.",
        subcommands: [CatalogDatacenters.self, CatalogNodes.self, CatalogServices.self])
}

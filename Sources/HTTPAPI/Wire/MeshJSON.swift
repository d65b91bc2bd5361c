/// What Consul says of an instance outside its service mesh.
enum MeshJSON {
    struct Proxy: Encodable {
        var meshGateway = Nothing()
        var expose = Nothing()

        enum CodingKeys: String, CodingKey {
            case meshGateway = "MeshGateway"
            case expose = "Expose"
        }
    }

    /// `{}`
    struct Nothing: Encodable {
        enum CodingKeys: CodingKey {}
    }
}

/// What `/v1/berth/explain` says.
struct Explanation: Decodable {
    let containers: [Container]
    let containersNote: String?
    let services: [Service]

    struct Container: Decodable {
        let name: String
        let id: String
        let image: String
        let state: String
        let registered: [Registered]
        let skipped: [Skipped]
        let notes: [String]
    }

    struct Registered: Decodable {
        let containerPort: String?
        let service: String
        let instance: String
        let address: String
        let port: UInt16
        let nameFrom: String
        let tagsFrom: String?
        let addressFrom: String
    }

    struct Skipped: Decodable {
        let containerPort: String?
        let reason: String
    }

    struct Service: Decodable {
        let name: String
        let instances: [Instance]
        let dns: Published
    }

    struct Instance: Decodable {
        let id: String
        let node: String
        let address: String
        let port: UInt16
        let tags: [String]
        let owner: String
        let health: String
        let checks: [Check]
    }

    struct Check: Decodable {
        let id: String
        let status: String
        let output: String
    }

    struct Published: Decodable {
        let published: Bool
        let reason: String?
        let ask: [String]
        let records: [String]
    }
}

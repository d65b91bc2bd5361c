import Registry

/// A prepared query, as `/v1/query` shows it.
struct PreparedQueryJSON: Encodable {
    struct Template: Encodable {
        var type: String
        var expression: String
        var removesEmptyTags: Bool

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case expression = "Regexp"
            case removesEmptyTags = "RemoveEmptyTags"
        }
    }

    struct Search: Encodable {
        struct Failover: Encodable {
            var nearest: UInt32
            @Nullable var datacenters: [String]?

            enum CodingKeys: String, CodingKey {
                case nearest = "NearestN"
                case datacenters = "Datacenters"
            }
        }

        var service: String
        var failover: Failover
        var onlyPassing: Bool
        @Nullable var ignoredChecks: [String]?
        var near: String
        @Nullable var tags: [String]?
        @Nullable var nodeMeta: [String: String]?
        @Nullable var serviceMeta: [String: String]?
        let connect = false

        enum CodingKeys: String, CodingKey {
            case service = "Service"
            case failover = "Failover"
            case onlyPassing = "OnlyPassing"
            case ignoredChecks = "IgnoreCheckIDs"
            case near = "Near"
            case tags = "Tags"
            case nodeMeta = "NodeMeta"
            case serviceMeta = "ServiceMeta"
            case connect = "Connect"
        }
    }

    /// Empty: what the service's answers have.
    struct DNS: Encodable {
        var timeToLive: String

        enum CodingKeys: String, CodingKey {
            case timeToLive = "TTL"
        }
    }

    var id: String
    var name: String
    var session: String
    var token: String
    var template: Template
    var search: Search
    var dns: DNS
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case session = "Session"
        case token = "Token"
        case template = "Template"
        case search = "Service"
        case dns = "DNS"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ indexed: Indexed<PreparedQuery>) {
        let query = indexed.value
        id = query.id
        name = query.name
        session = query.session ?? ""
        token = query.token
        template = Template(
            type: query.template == nil ? "" : "name_prefix_match", expression: query.template?.expression ?? "",
            removesEmptyTags: query.template?.removesEmptyTags ?? false)
        search = Search(query.search)
        dns = DNS(timeToLive: query.timeToLive?.text ?? "")
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }
}

extension PreparedQueryJSON.Search {
    fileprivate init(_ search: PreparedQuery.Search) {
        service = search.service
        failover = Failover(
            nearest: search.failover.nearest,
            datacenters: search.failover.datacenters.isEmpty ? nil : search.failover.datacenters)
        onlyPassing = search.onlyPassing
        ignoredChecks = search.ignoredChecks.isEmpty ? nil : search.ignoredChecks
        near = search.near
        tags = search.tags.isEmpty ? nil : search.tags
        nodeMeta = search.nodeMeta.isEmpty ? nil : search.nodeMeta
        serviceMeta = search.serviceMeta.isEmpty ? nil : search.serviceMeta
    }
}

/// The answer to a query's creation.
struct PreparedQueryIDJSON: Encodable {
    var id: String

    enum CodingKeys: String, CodingKey {
        case id = "ID"
    }
}

/// What a query has found.
struct PreparedQueryResultJSON: Encodable {
    var service: String
    var nodes: [HealthEntryJSON]
    var dns: PreparedQueryJSON.DNS
    var datacenter: String
    let failovers = 0
    let index = 0
    let lastContact = 0
    let knownLeader = true
    var consistencyLevel: String

    enum CodingKeys: String, CodingKey {
        case service = "Service"
        case nodes = "Nodes"
        case dns = "DNS"
        case datacenter = "Datacenter"
        case failovers = "Failovers"
        case index = "Index"
        case lastContact = "LastContact"
        case knownLeader = "KnownLeader"
        case consistencyLevel = "ConsistencyLevel"
    }

    init(_ query: PreparedQuery, nodes: [HealthEntryJSON], datacenter: String, _ options: ReadOptions) {
        service = query.search.service
        self.nodes = nodes
        dns = PreparedQueryJSON.DNS(timeToLive: query.timeToLive?.text ?? "")
        self.datacenter = datacenter
        consistencyLevel = options.consistency.rawValue
    }
}

/// A query as it is for one name.
struct PreparedQueryExplanationJSON: Encodable {
    var query: PreparedQueryJSON
    let index = 0
    let lastContact = 0
    let knownLeader = true
    var consistencyLevel: String

    enum CodingKeys: String, CodingKey {
        case query = "Query"
        case index = "Index"
        case lastContact = "LastContact"
        case knownLeader = "KnownLeader"
        case consistencyLevel = "ConsistencyLevel"
    }

    init(query: PreparedQueryJSON, _ options: ReadOptions) {
        self.query = query
        consistencyLevel = options.consistency.rawValue
    }
}

import HTTPTypes

/// The headers that Consul's clients find the state of a read in.
struct ReadHeaders {
    var index: UInt64
    var options: ReadOptions

    var fields: HTTPFields {
        var fields: HTTPFields = [
            .consulIndex: String(index), .consulKnownLeader: "true", .consulLastContact: "0",
            .consulConsistency: options.consistency.rawValue,
        ]
        if options.isCached {
            fields[.cache] = "HIT"
            fields[.age] = "0"
        }
        return fields
    }
}

extension HTTPField.Name {
    fileprivate static let consulIndex = own("X-Consul-Index")
    fileprivate static let consulKnownLeader = own("X-Consul-KnownLeader")
    fileprivate static let consulLastContact = own("X-Consul-LastContact")
    fileprivate static let consulConsistency = own("X-Consul-Effective-Consistency")
    fileprivate static let cache = own("X-Cache")
}

import Registry

/// The answer to a transaction.
struct TransactionJSON: Encodable {
    private let outcome: Transaction.Outcome
    private let datacenter: String
    /// The catalog's index; `nil`: something was to be written, and Consul does not say it then.
    private let readIndex: UInt64?

    init(_ outcome: Transaction.Outcome, datacenter: String, readIndex: UInt64?) {
        self.outcome = outcome
        self.datacenter = datacenter
        self.readIndex = readIndex
    }

    enum CodingKeys: String, CodingKey {
        case results = "Results"
        case errors = "Errors"
        case index = "Index"
        case lastContact = "LastContact"
        case knownLeader = "KnownLeader"
        case consistencyLevel = "ConsistencyLevel"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        switch outcome {
        case .done(let results):
            try json.encode(results.map { ResultJSON(result: $0, datacenter: datacenter) }, forKey: .results)
            try json.encodeNil(forKey: .errors)
        case .failed(let faults):
            try json.encodeNil(forKey: .results)
            try json.encode(faults.map { FaultJSON($0) }, forKey: .errors)
        }
        guard let readIndex else { return }
        try json.encode(readIndex, forKey: .index)
        try json.encode(0, forKey: .lastContact)
        try json.encode(true, forKey: .knownLeader)
        try json.encode("", forKey: .consistencyLevel)
    }
}

/// What one operation answers.
private struct ResultJSON: Encodable {
    var result: Transaction.Result
    var datacenter: String

    enum CodingKeys: String, CodingKey {
        case key = "KV"
        case node = "Node"
        case service = "Service"
        case check = "Check"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        switch result {
        case .key(let entry): try json.encode(KeyJSON(entry), forKey: .key)
        case .keyWithoutValue(let entry): try json.encode(KeyJSON(entry, showsValue: false), forKey: .key)
        case .node(let node): try json.encode(NodeJSON(node, datacenter: datacenter), forKey: .node)
        case .service(let instance): try json.encode(ServiceJSON(instance), forKey: .service)
        case .check(let check, let instance): try json.encode(HealthCheckJSON(check, of: instance), forKey: .check)
        }
    }
}

/// Why one operation failed.
private struct FaultJSON: Encodable {
    var operation: Int
    var what: String

    enum CodingKeys: String, CodingKey {
        case operation = "OpIndex"
        case what = "What"
    }

    init(_ fault: TransactionFault) {
        operation = fault.operation
        what = fault.reason.sentence
    }
}

import Foundation
import Registry

/// An event, as `/v1/event` shows it.
struct EventJSON: Encodable {
    var id: String
    var name: String
    /// Base64; `nil`: it is empty.
    var payload: String?
    var nodeFilter: String
    var serviceFilter: String
    var tagFilter: String
    let version = 1
    /// When it was heard, in a time that only orders events; 0: it was just told.
    var time: UInt64

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case payload = "Payload"
        case nodeFilter = "NodeFilter"
        case serviceFilter = "ServiceFilter"
        case tagFilter = "TagFilter"
        case version = "Version"
        case time = "LTime"
    }

    init(_ event: Event, time: UInt64) {
        id = event.id
        name = event.name
        payload = event.payload.isEmpty ? nil : Data(event.payload).base64EncodedString()
        nodeFilter = event.nodeFilter
        serviceFilter = event.serviceFilter
        tagFilter = event.tagFilter
        self.time = time
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(id, forKey: .id)
        try json.encode(name, forKey: .name)
        // Also where there is none.
        try json.encode(payload, forKey: .payload)
        try json.encode(nodeFilter, forKey: .nodeFilter)
        try json.encode(serviceFilter, forKey: .serviceFilter)
        try json.encode(tagFilter, forKey: .tagFilter)
        try json.encode(version, forKey: .version)
        try json.encode(time, forKey: .time)
    }
}

extension Event {
    /// The index of a list that this event is the newest of, by which Consul's clients find it in the next list: the two
    /// halves of its id, put together.
    ///
    /// - SeeAlso: Go's `api.Event.IDToIndex`.
    var listIndex: UInt64 {
        let digits = id.filter { $0 != "-" }
        return (UInt64(digits.prefix(16), radix: 16) ?? 0) ^ (UInt64(digits.suffix(16), radix: 16) ?? 0)
    }
}

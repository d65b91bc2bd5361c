/// Something that a user told everybody who listens.
package struct Event: Hashable, Sendable {
    package static let maximumPayloadSize = 512

    /// A UUID in lower-case text form.
    package var id: String
    package var name: String
    package var payload: [UInt8]
    /// Whom it is for: regular expressions for names of nodes, services and tags; empty: everybody.
    package var nodeFilter: String
    package var serviceFilter: String
    package var tagFilter: String

    package init(
        id: String, name: String, payload: [UInt8] = [], nodeFilter: String = "", serviceFilter: String = "",
        tagFilter: String = ""
    ) {
        self.id = id
        self.name = name
        self.payload = payload
        self.nodeFilter = nodeFilter
        self.serviceFilter = serviceFilter
        self.tagFilter = tagFilter
    }
}

/// The newest events, in their order.
package struct EventTable: Sendable {
    package static let capacity = 256

    package private(set) var events: [Indexed<Event>] = []

    /// The index of the newest event, or of the restoration that took away all before it. Never goes back.
    package internal(set) var index: UInt64 = 0

    /// Adds an event, and forgets the oldest where there are too many.
    mutating func add(_ event: Indexed<Event>) {
        events.append(event)
        index = max(index, event.createIndex)
        if events.count > Self.capacity { events.removeFirst() }
    }
}

import Foundation
import Testing

/// What a connection has received of `/v1/berth/watch`, as a client of Server-Sent Events reads it.
struct EventStream {
    struct Event: Equatable {
        var id: String?
        var kind: String
        var data: String

        var object: [String: Any] {
            get throws {
                try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any], "\(data)")
            }
        }
    }

    /// Those that are there whole.
    private(set) var events: [Event] = []
    private(set) var comments = 0
    /// What a client would send as Last-Event-ID.
    private(set) var lastID: String?

    init(_ received: String) {
        guard let head = received.firstRange(of: "\r\n\r\n") else { return }
        let text = Self.withoutChunks(received[head.upperBound...])
        for block in text.components(separatedBy: "\n\n").dropLast() { add(block) }
    }

    private mutating func add(_ block: String) {
        var event = Event(id: nil, kind: "message", data: "")
        for line in block.split(separator: "\n") {
            if line.hasPrefix(":") { comments += 1 }
            if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { event.kind = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
        }
        lastID = event.id ?? lastID
        if !event.data.isEmpty { events.append(event) }
    }

    /// RFC 9112 7.1.
    private static func withoutChunks(_ text: Substring) -> String {
        var octets = Array(text.utf8)[...]
        var body: [UInt8] = []
        while let end = octets.firstIndex(of: 0x0a),
            let size = Int(String(decoding: octets[..<end].dropLast(), as: UTF8.self), radix: 16), size > 0
        {
            let rest = octets[(end + 1)...]
            body += rest.prefix(size)
            octets = rest.dropFirst(size + 2)
        }
        return String(decoding: body, as: UTF8.self)
    }
}

extension LiveAPI {
    /// Begins to watch.
    func watch(_ query: String, headers: String = "") async throws -> Connection {
        let connection = try await connect()
        try await connection.write("GET /v1/berth/watch?\(query) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        return connection
    }
}

extension LiveAPI.Connection {
    var stream: EventStream { EventStream(received) }

    /// Waits for so many events, and for no more of them.
    func events(_ count: Int) async throws -> [EventStream.Event] {
        try await eventually { stream.events.count >= count }
        return stream.events
    }
}

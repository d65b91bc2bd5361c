import AsyncHTTPClient
import Foundation
import NIOCore

/// Word from the engine that something happened to a container: a reason to look at it, nothing more.
struct DockerEvent: Equatable {
    /// What may change what a container offers, or what is said about it.
    static let actions = [
        "create", "start", "restart", "die", "stop", "destroy", "pause", "unpause", "rename", "update", "connect",
        "disconnect", "health_status",
    ]

    /// 64 hexadecimal digits.
    var containerID: String

    /// Reads one line of the event stream.
    ///
    /// - Returns: `nil` if the event is not about one container.
    /// - Throws: if the line is no event.
    init?(json line: some DataProtocol) throws {
        let event = try JSONDecoder().decode(Wire.self, from: Data(line))
        let id = event.type == "network" ? event.actor.attributes?.container?.value : event.actor.id
        guard let id, ContainerSummary.isID(id) else { return nil }
        containerID = id
    }

    private struct Wire: Decodable {
        var type: String
        var actor: Actor

        struct Actor: Decodable {
            var id: String
            var attributes: Attributes?

            enum CodingKeys: String, CodingKey { case id = "ID", attributes = "Attributes" }
        }

        struct Attributes: Decodable {
            var container: Lenient<String>?
        }

        enum CodingKeys: String, CodingKey { case type = "Type", actor = "Actor" }
    }
}

/// The events of an engine as they come.
struct DockerEventStream: Sendable {
    enum Element: Equatable {
        case event(DockerEvent)
        /// Something came that is no event, or too long for one: nobody knows what it was about.
        case unreadable
    }

    let body: HTTPClientResponse.Body

    /// Returns when the engine ends the stream.
    func forEach(_ take: (Element) async throws -> Void) async throws {
        var lines = EventLines()
        for try await chunk in body {
            for element in lines.append(chunk.readableBytesView) { try await take(element) }
        }
    }
}

/// Cuts the stream's octets, which come in pieces of any size, into one event a line.
struct EventLines {
    /// An event carries all labels of its container.
    static let lineLimit = 4 << 20

    private var partial: [UInt8] = []
    /// The line that is coming is too long: the rest of it is dropped.
    private var isSkipping = false

    mutating func append(_ chunk: some Collection<UInt8>) -> [DockerEventStream.Element] {
        var elements: [DockerEventStream.Element] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end], &elements)
            if !isSkipping, !partial.isEmpty {
                do {
                    if let event = try DockerEvent(json: partial) { elements.append(.event(event)) }
                } catch {
                    elements.append(.unreadable)
                }
            }
            partial.removeAll(keepingCapacity: partial.count <= 65536)
            isSkipping = false
            rest = rest[rest.index(after: end)...]
        }
        take(rest, &elements)
        return elements
    }

    private mutating func take(_ octets: some Collection<UInt8>, _ elements: inout [DockerEventStream.Element]) {
        guard !isSkipping else { return }
        partial.append(contentsOf: octets)
        if partial.count > Self.lineLimit {
            partial = []
            isSkipping = true
            elements.append(.unreadable)
        }
    }
}

import APIClient
import NIOCore

/// What `berth watch` looks at.
struct WatchedSubject {
    /// As they were given.
    struct Parameters {
        var key: String?
        var name: String?
        var passingonly: String?
        var prefix: String?
        var service: String?
        var state: String?
        var tag: [String]

        /// The names of those that were given, and which `type` does not have.
        func unused(by names: Set<String>) -> [String] {
            let given: [(String, Bool)] = [
                ("key", key != nil), ("name", name != nil), ("passingonly", passingonly != nil),
                ("prefix", prefix != nil), ("service", service != nil), ("state", state != nil), ("tag", !tag.isEmpty),
            ]
            return given.filter { $0.1 && !names.contains($0.0) }.map(\.0)
        }
    }

    struct News {
        /// Compact; `null` where there is nothing.
        var json: [UInt8]
        var index: UInt64?
    }

    private let request: APIRequest
    /// The answer is a list of one, which alone is shown.
    private var isSingle = false

    /// - Throws: ``CommandFailure``, in Consul's words.
    init(_ type: String, _ given: Parameters) throws(CommandFailure) {
        let known: Set<String>
        switch type {
        case "key":
            known = ["key"]
            request = .key(.get, try Self.needed(given.key, "key"))
            isSingle = true
        case "keyprefix":
            known = ["prefix"]
            request = .key(.get, try Self.needed(given.prefix, "prefix")).with("recurse", if: true)
        case "services":
            known = []
            request = APIRequest(.get, "/v1/catalog/services")
        case "nodes":
            known = []
            request = APIRequest(.get, "/v1/catalog/nodes")
        case "service":
            known = ["service", "tag", "passingonly"]
            request = try Self.service(given)
        case "checks":
            known = ["service", "state"]
            request = try Self.checks(given)
        case "event":
            known = ["name"]
            request = APIRequest(.get, "/v1/event/list").with("name", given.name)
        default: throw CommandFailure(message: "Unsupported watch type: \(type)")
        }
        let unused = given.unused(by: known)
        guard unused.isEmpty else {
            throw CommandFailure(message: "Invalid parameters: [\(unused.joined(separator: " "))]")
        }
    }

    private static func needed(_ value: String?, _ what: String) throws(CommandFailure) -> String {
        guard let value, !value.isEmpty else {
            throw CommandFailure(message: "Must specify a single \(what) to watch")
        }
        return value
    }

    private static func service(_ given: Parameters) throws(CommandFailure) -> APIRequest {
        var request = APIRequest(.get, "/v1/health/service/", try needed(given.service, "service"))
        for tag in given.tag { request = request.with("tag", tag) }
        switch given.passingonly {
        case "1", "t", "T", "TRUE", "true", "True": return request.with("passing", if: true)
        case nil, "", "0", "f", "F", "FALSE", "false", "False": return request
        case let word?:
            throw CommandFailure(message: "Failed to parse passingonly flag: \"\(word)\" is not true or false")
        }
    }

    private static func checks(_ given: Parameters) throws(CommandFailure) -> APIRequest {
        switch (given.service ?? "", given.state ?? "") {
        case ("", let state): return APIRequest(.get, "/v1/health/state/", state.isEmpty ? "any" : state)
        case (let service, ""): return APIRequest(.get, "/v1/health/checks/", service)
        default: throw CommandFailure(message: "Cannot specify service and state")
        }
    }

    /// Asks, and with an index waits until there is another.
    func look(_ api: APIClient, _ flags: DatacenterFlags, after index: UInt64?) async throws(APIClientError) -> News {
        var request = request.of(flags).with("index", index.map(String.init))
        // The server answers after five minutes and a bit, if nothing has changed.
        if index != nil { request.patience = .seconds(360) }
        let answer = try await api.send(request)
        // Without a body that is an answer, too: nothing is there.
        guard answer.status != 404 || answer.body.readableBytes > 0 else {
            return News(json: Array("null".utf8), index: answer.index)
        }
        let body = Array(try answer.succeeded().body.readableBytesView)
        return News(json: isSingle ? Self.element(of: body) : Self.trimmed(body[...]), index: answer.index)
    }

    private static func element(of list: [UInt8]) -> [UInt8] {
        let list = trimmed(list[...])
        return trimmed(list.dropFirst().dropLast())
    }

    private static func trimmed(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var octets = octets
        while let first = octets.first, first <= 0x20 { octets.removeFirst() }
        while let last = octets.last, last <= 0x20 { octets.removeLast() }
        return Array(octets)
    }
}

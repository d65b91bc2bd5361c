import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Asks Berth over HTTP, on connections that are kept.
struct HTTP: Sendable {
    struct Reply: Sendable {
        let status: Int
        let body: String

        func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(body.utf8))
        }
    }

    let port: Int

    /// Lives as long as the test process. It tries a connection once, so that a program that is down is known at once.
    static let client = HTTPClient(
        configuration: {
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
            return configuration
        }())

    func get(_ path: String) async throws -> Reply {
        try await send(.GET, path, nil)
    }

    func put(_ path: String, _ body: String = "") async throws -> Reply {
        try await send(.PUT, path, .bytes(ByteBuffer(string: body)))
    }

    /// The instances that the catalog lists under `service`.
    func instances(of service: String) async throws -> [CatalogInstance] {
        let reply = try await get("/v1/catalog/service/\(service)")
        try expectNow(reply.status == 200, "the catalog answers \(reply.status): \(reply.body)")
        return try reply.decoded(as: [CatalogInstance].self)
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: HTTPClientRequest.Body?) async throws -> Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        request.body = body
        let response = try await HTTP.client.execute(request, timeout: .seconds(10))
        let buffer = try await response.body.collect(upTo: 64 << 20)
        return Reply(status: Int(response.status.code), body: String(buffer: buffer))
    }
}

/// The part of an entry of `/v1/catalog/service/{name}` that the tests look at.
struct CatalogInstance: Decodable, Sendable {
    let id: String
    let name: String
    let address: String
    let port: Int
    let meta: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case id = "ServiceID"
        case name = "ServiceName"
        case address = "ServiceAddress"
        case port = "ServicePort"
        case meta = "ServiceMeta"
    }

    var endpoint: String { "\(address):\(port)" }
}

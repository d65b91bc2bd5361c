import NIOCore

extension LiveAPI {
    /// Sends one request over a connection of its own.
    func ask(_ method: String, _ path: String, _ body: String = "") async throws -> Answer {
        let connection = try await connect()
        try await connection.ask(method, path, body)
        defer { connection.channel?.close(promise: nil) }
        return try await connection.answer()
    }

    func delete(_ path: String) async throws -> Answer { try await ask("DELETE", path) }
}

extension LiveAPI.Connection {
    func ask(_ method: String, _ path: String, _ body: String) async throws {
        try await write(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

extension Answer {
    /// The body with its indexes as `N`, which depend on what was done before.
    var withoutIndexes: String { body.replacing(/"(Create|Modify)Index":\d+/) { "\"\($0.1)Index\":N" } }
}

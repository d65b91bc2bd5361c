import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Programs
import Registry

/// Runs a program in a container, as `docker exec` does, and judges it by its exit code.
///
/// - SeeAlso: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Exec
struct ContainerProbe {
    /// A name, an id or the beginning of one.
    var container: String
    var arguments: [String]
    /// `nil`: none is known.
    var engine: ContainerEngine?
    let client: HTTPClient

    /// A client for engines. Nothing is kept between runs.
    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        configuration.connectionPool.idleTimeout = .seconds(1)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// An engine cannot be told to end a program: one that takes too long goes on.
    func run(timeout: Duration) async -> Verdict {
        let what = "docker exec \(container)"
        guard engine != nil else {
            return HealthJudge.failed(what, reason: "Berth was started without a Docker engine (--docker)")
        }
        let verdict = await within(timeout) {
            do {
                return try await execute()
            } catch {
                return HealthJudge.failed(what, reason: ProbeFailure.reason(error, timeout: timeout))
            }
        }
        return verdict ?? HealthJudge.failed(what, reason: "timed out after \(timeout)")
    }

    private func execute() async throws -> Verdict {
        let created: Created = try await ask(
            .POST, "/containers/\(container)/exec",
            ["AttachStdout": .bool(true), "AttachStderr": .bool(true), "Cmd": .list(arguments)])
        guard created.id.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && (0x21...0x7e).contains($0) }) else {
            throw EngineRefusal(message: "it gave an id that is none")
        }
        let started = try await response(
            .POST, "/exec/\(created.id)/start", ["Detach": .bool(false), "Tty": .bool(false)])
        var output = ExecOutput()
        for try await chunk in started.body { output.append(chunk) }
        let ended: Ended = try await ask(.GET, "/exec/\(created.id)/json", nil)
        let text = output.text.isEmpty ? "exited with code \(ended.exitCode)" : output.text
        return Verdict(status: ended.status, output: CheckOutput.beginning(of: text))
    }

    private enum Field: Encodable {
        case bool(Bool)
        case list([String])

        func encode(to encoder: any Encoder) throws {
            var json = encoder.singleValueContainer()
            switch self {
            case .bool(let bool): try json.encode(bool)
            case .list(let list): try json.encode(list)
            }
        }
    }

    private struct Created: Decodable {
        var id: String

        enum CodingKeys: String, CodingKey { case id = "Id" }
    }

    private struct Ended: Decodable {
        var exitCode: Int

        enum CodingKeys: String, CodingKey { case exitCode = "ExitCode" }

        var status: HealthStatus {
            switch exitCode {
            case 0: .passing
            case 1: .warning
            default: .critical
            }
        }
    }

    private func ask<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: [String: Field]?
    ) async throws -> Answer {
        let body = try await response(method, path, body).body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(Answer.self, from: body)
    }

    /// - Throws: ``EngineRefusal`` for a status that is no success.
    private func response(
        _ method: HTTPMethod, _ path: String, _ body: [String: Field]?
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: engine?.url(path) ?? "")
        request.method = method
        request.headers.add(name: "Host", value: "docker")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONEncoder().encodeAsByteBuffer(body, allocator: ByteBufferAllocator()))
        }
        // Its own limit ends with the answer's head; that of the whole is the caller's.
        let response = try await client.execute(request, timeout: .seconds(60))
        guard (200..<300).contains(response.status.code) else {
            let body = try await response.body.collect(upTo: 65536)
            let message = try? JSONDecoder().decode([String: String].self, from: body)["message"]
            throw EngineRefusal(message: message ?? "it answered with status \(response.status.code)")
        }
        return response
    }
}

/// Why the engine did not do what it was asked to.
struct EngineRefusal: Error, CustomStringConvertible {
    var message: String
    var description: String { "the Docker engine refused: \(message)" }
}

/// What a program in a container has written so far, out of the frames that the engine sends it in: the stream's number,
/// three octets of nothing, the length in four, and so many octets.
struct ExecOutput {
    private var octets: [UInt8] = []
    private var unread = ByteBuffer()
    /// Octets of the frame under way that have not come yet.
    private var remaining = 0

    var text: String { String(decoding: octets, as: UTF8.self) }

    /// What is over the limit is dropped.
    mutating func append(_ chunk: ByteBuffer) {
        var chunk = chunk
        unread.writeBuffer(&chunk)
        while unread.readableBytes > 0 {
            if remaining == 0 {
                guard let header = unread.readBytes(length: 8) else { break }
                remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
            } else {
                let part = unread.readBytes(length: min(remaining, unread.readableBytes)) ?? []
                remaining -= part.count
                octets += part.prefix(CheckOutput.maximum - octets.count)
            }
        }
        unread.discardReadBytes()
    }
}

import DNS
import Foundation
import Registry
import Subprocess
import Testing

@testable import DNSServer

/// Zones to transfer, and who may have them.
enum TransferExample {
    static let secret = Array("12345678901234567890123456789012".utf8)
    static let signature = "hmac-sha256:secondary:\(Data(secret).base64EncodedString())"

    static func key() throws -> TSIGKey {
        TSIGKey(name: try DomainName(text: "secondary"), algorithm: .sha256, secret: secret)
    }

    static func toLoopback(key: String? = nil) throws -> Secondaries {
        let loopback = try #require(IPPrefix("127.0.0.0/8"))
        return Secondaries(
            allowed: [TransferRule(addresses: loopback, key: try key.map { try DomainName(text: $0) })],
            keys: [try Self.key()])
    }

    static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.node("n2", "2001:db8::2"), Example.instance("web", "w1", tags: ["v1", "a.b"]),
            Example.instance("web", "w2", address: "10.0.0.9", port: 81),
            Example.instance("out", address: "far.example.net"), Example.instance("down", health: [.critical]),
        ]
    }

    /// More than sockets hold for a client that does not read.
    static let bigZone =
        "@ SOA ns h 1 2 3 4 5\n"
        + (1...1500).map { number in
            let text = "\"\(String(repeating: "x", count: 250))\" "
            return "t\(number) TXT \(String(repeating: text, count: 32))\n"
        }.joined()

    /// A client that has begun to take the big zone, and reads no further.
    static func slowClient(_ running: RunningServer) async throws -> TCPClient {
        let slow = try await TCPClient(port: running.port)
        try await slow.send(messages: [try Queries.query("big.example", .axfr)])
        #expect(try await slow.receive() != nil)
        return slow
    }
}

/// What dig shows of a transfer: every record of it, in order, as `owner TTL class type data`.
struct Transfer: Sendable {
    let text: String
    let records: [String]

    init(of zone: String, _ arguments: String..., at port: UInt16) async throws {
        text = try await Self.dig(["@127.0.0.1", "-p", "\(port)", zone] + arguments)
        records = text.split(separator: "\n").filter { !$0.hasPrefix(";") && !$0.contains("\tTSIG\t") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    static func dig(_ arguments: [String]) async throws -> String {
        try await Subprocess.run(
            .name("dig"), arguments: Arguments(arguments + ["+tries=1", "+timeout=30"]),
            output: .string(limit: 1 << 26), error: .discarded
        ).standardOutput
    }
}

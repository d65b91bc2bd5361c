import Foundation
import NIOCore
import Testing

extension EndToEnd {
    @Suite struct `Bad requests over HTTP` {
        /// A registration that is refused with 400, and a word that the reason must hold.
        private static let refused: [(body: String, word: String)] = [
            ("not JSON", ""),
            ("", ""),
            ("null", ""),
            ("[]", ""),
            (#"{"name": "web""#, ""),
            (#"{"name": "web"} trailing"#, ""),
            (#"{"port": 80}"#, "ame"),
            (#"{"name": ""}"#, "ame"),
            (#"{"name": 5}"#, "ame"),
            (#"{"name": "web", "port": "80"}"#, "ort"),
            (#"{"name": "web", "port": 1.5}"#, "ort"),
            (#"{"name": "web", "port": -1}"#, "ort"),
            (#"{"name": "web", "port": 65536}"#, "ort"),
            (#"{"name": "web", "port": 99999999999999999999}"#, "ort"),
            (#"{"name": "web", "tags": "test"}"#, "ags"),
            (#"{"name": "web", "tags": [1]}"#, "ags"),
            (#"{"name": "web", "meta": {"key": 1}}"#, "eta"),
            (#"{"name": "web", "colour": "red"}"#, "colour"),
            (#"{"name": "web", "address": "0.0.0.0"}"#, "ddress"),
            (#"{"name": "web", "address": "10.0.0.1;\n} evil {"}"#, "ddress"),
            (#"{"name": "my_web"}"#, "my-web"),
            (#"{"name": "My Web.Shop"}"#, "my-web-shop"),
            (#"{"name": "-web-"}"#, "web"),
            (#"{"name": "web\u0000"}"#, "control"),
            (#"{"name": "web\n"}"#, "control"),
            (#"{"name": "\#(String(repeating: "w", count: 64))"}"#, "63"),
            (#"{"name": "wéb"}"#, "name"),
            (#"{"name": "web", "checks": [{"http": "http://127.0.0.1/", "interval": "soon"}]}"#, "nterval"),
            (#"{"name": "web", "checks": [{"http": "file:///etc/passwd", "interval": "5s"}]}"#, "http"),
            (#"{"name": "web", "checks": [{"args": ["true"], "interval": "5s"}]}"#, "cript"),
            (#"{"name": "web", "check": {"ttl": "0s"}}"#, "TTL"),
            (#"{"name": "web", "checks": [{}]}"#, "heck"),
            (String(repeating: "[", count: 100_000), ""),
            (#"{"meta": "# + String(repeating: #"{"a":"#, count: 100_000), ""),
        ]

        @Test func `each is refused with a reason that names the fault, and changes nothing`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    #expect(try await berth.http.put("/v1/agent/service/register", #"{"name": "kept"}"#).status == 200)
                    let before = try await berth.http.get("/v1/agent/services").body
                    for (body, word) in Self.refused {
                        let reply = try await berth.http.put("/v1/agent/service/register", body)
                        #expect(reply.status == 400, "\(body.prefix(100)): \(reply.body)")
                        #expect(!reply.body.isEmpty, "\(body.prefix(100))")
                        #expect(word.isEmpty || reply.body.contains(word), "\(body.prefix(100)): \(reply.body)")
                        #expect(reply.body.utf8.count < 1000, "the reason for \(body.prefix(100)) is a book")
                    }
                    #expect(try await berth.http.get("/v1/agent/services").body == before)
                }
            }
        }

        @Test func `octets that are no UTF-8 are refused`() async throws {
            try await withTemporaryDirectory { directory in
                let file = directory.appending(path: "body")
                try Data(Array(#"{"name": "w"#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)).write(to: file)
                try await Berth.run(in: directory, []) { berth in
                    let status = try await put(file, to: berth)
                    #expect(status == "400")
                }
            }
        }

        @Test func `a body of one mebibyte is taken and one octet more is 413`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let registration = #"{"name": "web", "port": 80}"#
                    for (size, status) in [(1 << 20, "200"), (1 << 20 + 1, "413"), (8 << 20, "413")] {
                        let file = directory.appending(path: "body")
                        try file.write(registration + String(repeating: " ", count: size - registration.utf8.count))
                        #expect(try await put(file, to: berth) == status, "\(size) octets")
                        #expect(try await put(file, to: berth, "--header", "Transfer-Encoding: chunked") == status)
                    }
                    #expect(try await berth.http.instances(of: "web").count == 1)
                }
            }
        }

        @Test func `what is no HTTP at all ends its own connection only`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    for junk in [
                        "\r\n\r\n", "GET", "GET / HTTP/9.9\r\n\r\n", String(repeating: "A", count: 1 << 17), "\0\0\0",
                    ] {
                        try await withTCPConnection(to: berth.ports.http) { connection in
                            try await connection.write(ByteBuffer(string: junk))
                        }
                        #expect(try await berth.http.get("/v1/status/leader").status == 200)
                    }
                }
            }
        }

        /// The status that `curl` gets for a registration with the contents of `file`.
        private func put(_ file: URL, to berth: Berth, _ options: String...) async throws -> String {
            try await Tool.curl.run(
                [
                    "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20",
                    "--request", "PUT", "--data-binary", "@\(file.path)",
                    "http://127.0.0.1:\(berth.ports.http)/v1/agent/service/register",
                ] + options
            ).out
        }
    }
}

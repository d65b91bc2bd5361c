import DNS
import NIOCore
import Registry
import ServiceLifecycle
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Limits on what a connection may send` {
    private static let head = "PUT /v1/agent/service/register HTTP/1.1\r\nHost: localhost\r\n"
    private static let service = #"{"name":"web"}"#

    @Test func `a body announced as larger than 1 MiB is 413 before it is sent`() async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send("\(Self.head)Content-Length: 1048577\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
            #expect(answer.hasSuffix("Request body(1048577 bytes) too large, max size: 1048576 bytes."))
            try await #expect(api.isServing)
        }
    }

    @Test func `a body of exactly 1 MiB is read`() async throws {
        try await LiveAPI.run { api in
            let body = Self.service + String(repeating: " ", count: 1 << 20 - Self.service.utf8.count)
            let answer = try await api.register(body, headers: "Host: localhost\r\nConnection: close\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
            #expect(api.registry.snapshot.instanceCount == 1)
        }
    }

    @Test func `a chunked body is counted, and a client that goes on is cut off`() async throws {
        try await LiveAPI.run { api in
            let connection = try await api.connect()
            try await connection.write("\(Self.head)Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            var sent = 0
            while !connection.isClosed, sent < 1 << 30 {
                do { try await connection.write(chunk) } catch { break }
                sent += 0x10000
                await Task.yield()
            }
            #expect(sent < 1 << 30)
            #expect(api.registry.snapshot.instanceCount == 0)
            try await #expect(api.isServing)
        }
    }

    @Test(arguments: [
        "\(head)Content-Length: 500\r\n\r\n\(service)",
        "\(head)Transfer-Encoding: chunked\r\n\r\ne\r\n\(service)\r\n",
        "\(head)Transfer-Encoding: chunked\r\n\r\ne\r\n\(service)\r\n0\r\n",
        "\(head)Transfer-Encoding: chunked\r\n\r\nff\r\n\(service)",
    ]) func `a body that is cut short registers nothing`(_ request: String) async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send(request, thenHalfClose: true)
            #expect(!answer.contains("200 OK"), "\(answer)")
            #expect(api.registry.snapshot.instanceCount == 0)
            let connection = try await api.connect()
            try await connection.write(request)
            try await connection.channel?.close()
            try await #expect(api.isServing)
            #expect(api.registry.snapshot.instanceCount == 0)
        }
    }

    @Test(arguments: [
        "GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n",
        "GET /\(String(repeating: "x", count: 1 << 20)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\((0..<200).map { "X-\($0): 1\r\n" }.joined())\r\n",
        "\(head)Content-Length: 14\r\nTransfer-Encoding: chunked\r\n\r\n\(service)",
        "\(head)Content-Length: 14\r\nContent-Length: 15\r\n\r\n\(service)",
        "\(head)Transfer-Encoding: xchunked\r\n\r\n\(service)",
        "\(head)Transfer-Encoding: chunked\r\n\r\nzz\r\n\(service)\r\n0\r\n\r\n",
        "\(head)Content-Length: -1\r\n\r\n\(service)",
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    ]) func `a request that is no request or out of bounds ends the connection`(_ request: String) async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send(request)
            #expect(!answer.contains("200 OK"), "\(answer.prefix(200))")
            #expect(api.registry.snapshot.instanceCount == 0)
            try await #expect(api.isServing)
        }
    }

    @Test func `large bodies that never end hold 64 MiB together, keep no small one out, and give it all back`()
        async throws
    {
        try await LiveAPI.run { api in
            var hoarders: [LiveAPI.Connection] = []
            let almostAll = String(repeating: " ", count: 1 << 20 - 1)
            for _ in 0..<70 {
                let hoarder = try await api.connect()
                try await hoarder.write("\(Self.head)Content-Length: 1048576\r\n\r\n\(almostAll)")
                hoarders.append(hoarder)
            }
            // Some of them are refused: by then the others hold all there is.
            let deadline = ContinuousClock.now + .seconds(20)
            while !hoarders.contains(where: { $0.received.hasPrefix("HTTP/1.1 503 ") }) {
                try #require(ContinuousClock.now < deadline)
                try await Task.sleep(for: .milliseconds(2))
            }
            let refused = try #require(hoarders.first { $0.received.hasPrefix("HTTP/1.1 503 ") })
            #expect(refused.received.contains("Retry-After: 1"), "\(refused.received)")
            let small = "Host: localhost\r\nConnection: close\r\n"
            try await #expect(api.register(Self.service, headers: small).hasPrefix("HTTP/1.1 200 OK"))

            for hoarder in hoarders { try? await hoarder.channel?.close() }
            let large = Self.service + String(repeating: " ", count: 1 << 19)
            while try await !api.register(large, headers: small).hasPrefix("HTTP/1.1 200 OK") {
                try #require(ContinuousClock.now < deadline)
            }
        }
    }

    @Test func `a client that waits for 100 Continue gets it`() async throws {
        try await LiveAPI.run { api in
            let connection = try await api.connect()
            try await connection.write(
                "\(Self.head)Expect: 100-continue\r\nConnection: close\r\nContent-Length: \(Self.service.utf8.count)\r\n\r\n"
            )
            try await connection.receive(first: "HTTP/1.1 100 Continue\r\n")
            try await connection.write(Self.service)
            try await #expect(connection.all().contains("HTTP/1.1 200 OK"))
        }
    }

    @Test func `several requests on one connection are answered in order`() async throws {
        try await LiveAPI.run { api in
            let register =
                "\(Self.head)Content-Length: \(Self.service.utf8.count)\r\n\r\n\(Self.service)"
            let answer = try await api.send(
                register + "GET /v1/catalog/services HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(answer.matches(of: /HTTP\/1.1 200 OK/).count == 2)
            #expect(answer.hasSuffix(#"{"web":[]}"#))
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Where the API listens` {
    @Test func `port 0 is any free port, the same on every address, and is announced once`() async throws {
        try await APIUnderTest.withRegistry { registry in
            let (ports, listening) = AsyncStream<UInt16>.makeStream()
            let addresses = [IPAddress.v4(0x7f00_0001), .v4(0x7f00_0002)]
            let api = try APIUnderTest.api(
                registry: registry, listen: addresses, onListening: { listening.yield($0) })
            let services = ServiceGroup(configuration: .init(services: [api], logger: APIUnderTest.quiet))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await services.run()
                    listening.finish()
                }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next(isolation: #isolation))
                #expect(port != 0)
                for address in addresses {
                    let taken = try APIUnderTest.api(registry: registry, listen: [address], port: port)
                    await #expect(throws: HTTPAPIError.portTaken(address: address, port: port)) {
                        try await taken.run()
                    }
                }
                await services.triggerGracefulShutdown()
                #expect(await iterator.next(isolation: #isolation) == nil)
                try await group.waitForAll()
            }
        }
    }

    @Test func `cancelling ends it`() async throws {
        try await APIUnderTest.withRegistry { registry in
            let (ports, listening) = AsyncStream<UInt16>.makeStream()
            let api = try APIUnderTest.api(registry: registry, onListening: { listening.yield($0) })
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await api.run() }
                _ = await ports.first { _ in true }
                group.cancelAll()
            }
        }
    }

    @Test func `one address that cannot be had ends the others`() async throws {
        try await APIUnderTest.withRegistry { registry in
            let (ports, listening) = AsyncStream<UInt16>.makeStream()
            let other = IPAddress.v4(0x7f00_0002)
            let first = try APIUnderTest.api(registry: registry, listen: [other], onListening: { listening.yield($0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await first.run() }
                let port = try #require(await ports.first { _ in true })
                let second = try APIUnderTest.api(registry: registry, listen: [.v4(0x7f00_0001), other], port: port)
                await #expect(throws: HTTPAPIError.portTaken(address: other, port: port)) { try await second.run() }
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }

    @Test func `an address that is not ours is said to be unusable`() async throws {
        try await APIUnderTest.withRegistry { registry in
            let api = try APIUnderTest.api(registry: registry, listen: [.v4(0xc000_0201)], port: 8500)
            let error = await #expect(throws: HTTPAPIError.self) { try await api.run() }
            let sentence = try #require(error?.description)
            #expect(sentence.hasPrefix("HTTP cannot listen on 192.0.2.1 port 8500: "))
        }
    }
}

import DNS
import Glibc
import Logging
import Testing

@testable import DNSServer

@Suite struct `UDP workers` {
    private static let name = Array("\u{3}web\u{7}service\u{6}consul\u{0}".utf8)
    private static let soaData =
        Array("\u{2}ns\u{6}consul\u{0}\u{5}admin\u{6}consul\u{0}".utf8) + [UInt8](repeating: 1, count: 20)

    /// A table with one service of one address.
    private func table() throws -> AnswerTable {
        let apex = try DomainName(text: "consul.")
        let owner = try DomainName(wire: Self.name)
        let soa = RRSet(owner: apex, type: .soa, timeToLive: 1, rdata: [Self.soaData])
        let table = AnswerTable(zones: [Zone(apex: apex, source: .registry(datacenter: "dc1"), soa: soa)])
        let address = RRSet(owner: owner, type: .a, timeToLive: 1, rdata: [[10, 0, 0, 1]])
        table.publish(OwnerRecords(owner: owner, sets: [address]))
        return table
    }

    private func query(_ identifier: UInt8, name: [UInt8] = name) -> [UInt8] {
        [0, identifier, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, 1, 0, 1]
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1", "::"])
    func `answer on IPv4 and IPv6, wildcard or not`(listen: String) throws {
        let listen = try #require(IPAddress(listen))
        let socket = try UDPSocket.bind(address: listen, port: 0, reusePort: false)
        let worker = try UDPWorker(socket: socket, table: try table(), logger: Logger(label: "test"))
        try worker.start()
        defer { worker.stop() }
        let loopback = listen.octets.count == 4 ? "127.0.0.1" : "::1"
        let client = try UDPClient(to: loopback, port: socket.port)
        let reply = try #require(client.ask(query(7)))
        #expect(reply.prefix(4) == [0, 7, 0x85, 0])
        #expect(reply.suffix(4) == [10, 0, 0, 1])
    }

    @Test func `a wildcard socket answers from the address that was asked`() throws {
        let socket = try UDPSocket.bind(address: .v4(0), port: 0, reusePort: false)
        let worker = try UDPWorker(socket: socket, table: try table(), logger: Logger(label: "test"))
        try worker.start()
        defer { worker.stop() }
        // A connected client takes datagrams only from the address it is connected to.
        for address in ["127.0.0.1", "127.0.0.2", "127.9.9.9"] {
            #expect(try UDPClient(to: address, port: socket.port).ask(query(1)) != nil)
        }
    }

    @Test func `workers share a port, and every query of many askers is answered once`() throws {
        let loopback = IPAddress.v4(0x7f00_0001)
        let sockets = try UDPSocket.bindGroup(address: loopback, port: 0, count: 2)
        #expect(Set(sockets.map(\.port)).count == 1)
        let table = try table()
        let workers = try sockets.map { try UDPWorker(socket: $0, table: table, logger: Logger(label: "test")) }
        for worker in workers { try worker.start() }
        for number in 0..<200 {
            let client = try UDPClient(to: "127.0.0.1", port: sockets[0].port)
            let reply = try #require(client.ask(query(UInt8(number))))
            #expect(reply[1] == UInt8(number))
        }
        for worker in workers { worker.stop() }
        // The counters are complete once the threads have ended; the wake-up itself counts as a dropped datagram.
        #expect(workers.reduce(0) { $0 + $1.counters.values[.noError] } == 200)
        #expect(workers.allSatisfy { $0.counters.values[.noError] > 0 })
    }

    @Test(
        arguments: ["127.0.0.1", "0.0.0.0", "::"],
        [UDPWorker.Options(sendsSegments: true), UDPWorker.Options(spins: 200), UDPWorker.Options()])
    func `queries of many askers in one batch are answered, each to its own`(
        listen: String, options: UDPWorker.Options
    ) throws {
        let socket = try UDPSocket.bind(address: try #require(IPAddress(listen)), port: 0, reusePort: false)
        let worker = try UDPWorker(
            socket: socket, table: try table(), options: options, logger: Logger(label: "test"))
        // More than one message of segments takes, and two lengths of replies in turn.
        let clients = try ["127.0.0.1", "127.0.0.1", listen == "127.0.0.1" ? listen : "127.0.0.2"].map {
            try UDPClient(to: $0, port: socket.port)
        }
        for number in 0..<120 as Range<UInt8> {
            for client in clients { client.send(query(number, name: (number % 3 == 0 ? [1, 120] : []) + Self.name)) }
        }
        try worker.start()
        defer { worker.stop() }
        for client in clients {
            var codes: [UInt8: UInt8] = [:]
            for _ in 0..<120 {
                let reply = try #require(client.receive())
                codes[reply[1]] = reply[3]
            }
            #expect(codes.count == 120)
            #expect(codes.allSatisfy { $0.value == ($0.key % 3 == 0 ? 3 : 0) })
        }
        #expect(worker.counters.values[.lost] == 0)
    }

    @Test func `counters tell outcomes apart`() throws {
        let socket = try UDPSocket.bind(address: .v4(0x7f00_0001), port: 0, reusePort: false)
        let worker = try UDPWorker(socket: socket, table: try table(), logger: Logger(label: "test"))
        try worker.start()
        let client = try UDPClient(to: "127.0.0.1", port: socket.port)
        client.send([1, 2, 3])
        client.send(query(1).prefix(2) + [0x80] + query(1).dropFirst(3))
        #expect(client.ask(query(2, name: [1, 120] + Self.name))?[3] == 3)
        #expect(client.ask(query(3, name: [3, 111, 114, 103, 0]))?[3] == 5)
        #expect(client.ask(query(4) + [0])?[3] == 1)
        #expect(client.ask([0, 5, 0x10, 0, 0, 1, 0, 0, 0, 0, 0, 0])?[3] == 4)
        // Longer than anything we take in.
        #expect(client.ask(query(6) + [UInt8](repeating: 0, count: 4000))?[3] == 1)
        #expect(client.ask(query(7))?[3] == 0)
        worker.stop()
        let values = worker.counters.values
        #expect(values[.nameError] == 1)
        #expect(values[.refused] == 1)
        #expect(values[.otherCode] == 0)
        #expect(values[.formatError] == 2)
        #expect(values[.notImplemented] == 1)
        #expect(values[.noError] == 1)
        #expect(values[.dropped] >= 2)
        #expect(values[.lost] == 0)
        #expect(values[.queries] == values[.dropped] + 6)
        // Of what was answered, three asked for an address, and two were no questions that could be read.
        #expect(values[.a] + values[.noQuestion] + values[.otherType] == 6)
        #expect(values[.a] >= 3)
    }

    @Test func `there is room for every counter`() {
        var counts = QueryCounts()
        for counter in QueryCounter.allCases { counts[counter] = UInt64(counter.rawValue) }
        #expect(QueryCounter.allCases.count == 24)
        #expect(counts[.noQuestion] == 23)
    }

    @Test func `a port that somebody has is not shared with him`() throws {
        let loopback = IPAddress.v4(0x7f00_0001)
        let sockets = try UDPSocket.bindGroup(address: loopback, port: 0, count: 2)
        let port = sockets[0].port
        for count in [1, 2] {
            let error = #expect(throws: UDPSocketError.self) {
                try UDPSocket.bindGroup(address: loopback, port: port, count: count)
            }
            #expect(error?.code == EADDRINUSE)
            #expect(error?.description.contains("UDP port \(port) of 127.0.0.1 is in use") == true)
        }
    }

    @Test func `a worker without memory is not made, and leaves no socket behind that takes queries`() throws {
        let loopback = IPAddress.v4(0x7f00_0001)
        var socket: UDPSocket? = try UDPSocket.bind(address: loopback, port: 0, reusePort: false)
        let port = try #require(socket).port
        for size in [0, 1025, Int.max] {
            #expect(throws: NoMemory.self) {
                try UDPWorker(
                    socket: #require(socket), table: table(), logger: Logger(label: "test"), batchSize: size)
            }
        }
        socket = nil
        #expect(try UDPSocket.bind(address: loopback, port: port, reusePort: false).port == port)
    }

    @Test func `an idle worker stops at once, again and again`() throws {
        for _ in 0..<20 {
            let socket = try UDPSocket.bind(address: .v4(0x7f00_0001), port: 0, reusePort: false)
            let worker = try UDPWorker(socket: socket, table: try table(), logger: Logger(label: "test"))
            try worker.start()
            worker.stop()
            worker.stop()
        }
    }
}

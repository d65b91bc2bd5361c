import DNS
import Glibc
import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Blocking queries` {
    private static let web = "/v1/health/service/web"

    @Test(arguments: ["", "?index=", "?index=0", "?index=1", "?wait=10s", "?index=1&wait=10m"])
    func `an index that is absent, 0 or old is answered at once`(_ query: String) async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            let answer = try await api.get("\(Self.web)\(query)")
            #expect(answer.status == 200)
            #expect(answer.index == api.registry.snapshot.index(of: try ServiceName("web")))
        }
    }

    /// What a reader waits on, a change that it must not hear of, and one that it must.
    @Test(arguments: [
        Wake("/v1/health/service/web", not: [.register("db", "d")], by: [.register("web", "2")]),
        Wake("/v1/catalog/service/web", not: [.register("db", "d"), .again], by: [.check("c", .passing)]),
        Wake("/v1/health/service/web", not: [.node("n2")], by: [.remove("1")]),
        Wake("/v1/health/service/web", not: [.again], by: [.nodeMeta("b")]),
        Wake("/v1/health/service/new", not: [.register("db", "d"), .again], by: [.register("new", "n")]),
        Wake("/v1/health/service/new", not: [.register("web", "2"), .remove("2")], by: [.remove("1")]),
        Wake("/v1/catalog/service/no_such.name", not: [.register("web", "2")], by: [.remove("2"), .remove("1")]),
        Wake("/v1/catalog/services", not: [.check("c", .passing), .node("n2")], by: [.register("db", "d")]),
        Wake("/v1/catalog/nodes", not: [.register("db", "d"), .check("c", .passing)], by: [.node("n2")]),
    ]) func `a reader is woken by what it reads, and by nothing else`(_ wake: Wake) async throws {
        try await LiveAPI.run { api in
            try await api.registry.submit([Wake.Change.register("web", "1").change, .putCheck(check("c", .warning))])
            let index = try await api.get(wake.path).index
            let reader = try await api.reader("\(wake.path)?index=\(index)")
            for other in wake.others { try await api.registry.submit([other.change]) }
            // What is answered after it was not written before it.
            try await #expect(api.get("/v1/status/leader").status == 200)
            #expect(reader.received == "")
            #expect(api.waiting == 1)
            for change in wake.changes {
                #expect(reader.received == "")
                try await api.registry.submit([change.change])
            }
            let answer = try await reader.answer()
            #expect(answer.status == 200)
            #expect(answer.index > index)
            #expect(try await api.get(wake.path).body == answer.body)
            #expect(api.waiting == 0)
        }
    }

    @Test(arguments: [false, true]) func `an index from the future waits until it is there`(
        _ isKnown: Bool
    ) async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "0"))
            if isKnown { _ = try await api.get(Self.web) }
            let reader = try await api.reader("\(Self.web)?index=\(api.registry.snapshot.index + 2)")
            for id in 1...2 {
                try await api.register(instance("web", "\(id)"))
                #expect(api.waiting == 1)
            }
            try await api.register(instance("web", "3"))
            try await #expect(reader.answer().index == api.registry.snapshot.index)
        }
    }

    @Test(arguments: ["health/service/web", "catalog/services", "catalog/nodes"])
    func `the wait ends after what was asked for and up to a sixteenth more`(_ path: String) async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            let index = try await api.get("/v1/\(path)").index
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await api.get("/v1/\(path)?index=\(index)&wait=320ms")
            #expect(clock.now - start >= .milliseconds(320))
            #expect(answer.status == 200)
            #expect(answer.index == index)
            #expect(api.waiting == 0)
        }
    }

    @Test func `a short wait is not kept up by longer ones, whichever began first`() async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            let request = "\(Self.web)?index=\(api.registry.snapshot.index)"
            let long = try await api.reader("\(request)&wait=10m")
            for wait in ["200ms", "100ms", "300ms"] {
                let short = try await api.reader("\(request)&wait=\(wait)")
                try await #expect(short.answer().status == 200)
                #expect(api.waiting == 1)
            }
            #expect(long.received == "")
        }
    }

    @Test func `who comes and goes leaves nothing behind`() async {
        var list = WatcherList()
        for round in 0..<1000 {
            let wakeUp = await withCheckedContinuation { continuation in
                let watcher = Watcher(
                    subjects: [.nodes], index: 1, deadline: .now() + .seconds(600), waiter: .task(continuation))
                list.add(watcher, on: watcher.subjects)
                let wasThere = list.remove(watcher)
                continuation.resume(returning: wasThere && !list.remove(watcher) ? .change : .deadline)
            }
            #expect(wakeUp == .change, "\(round)")
        }
        #expect(list.count == 0)
        #expect(list.deadlineCount <= 102)
        #expect(list.nextDeadline() == nil)
    }

    @Test func `waits are spread, and at most ten minutes`() throws {
        for wait in [Duration.seconds(300), .seconds(1)] {
            let spread = (0..<200).map { _ in CatalogReads.extended(wait) }
            #expect(spread.allSatisfy { $0 >= wait && $0 <= wait + wait / 16 })
            #expect(Set(spread).count > 100)
        }
    }

    @Test(arguments: [
        (nil, Duration.seconds(300)), ("0s", .seconds(300)), ("0", .seconds(300)), ("90s", .seconds(90)),
        ("10m", .seconds(600)), ("24h", .seconds(600)),
    ]) func `how long is waited`(_ text: String?, _ wait: Duration) throws {
        #expect(try ReadOptions.wait(text) == wait)
    }

    /// Known is a question that was answered before.
    @Test(arguments: [false, true])
    func `a client that hangs up, or closes its half, waits no longer`(_ isKnown: Bool) async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            if isKnown { _ = try await api.get(Self.web) }
            let request = "\(Self.web)?index=\(api.registry.snapshot.index)"
            let gone = try await api.reader(request)
            let half = try await api.reader(request)
            let reset = try await api.reader(request)
            let stays = try await api.reader(request)
            #expect(api.waiting == 4)
            try await gone.channel?.close()
            try await half.channel?.close(mode: .output)
            // Closing resets it, then.
            let provider = try #require(reset.channel as? any SocketOptionProvider)
            try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            try await reset.channel?.close()
            try await eventually { api.waiting == 1 }
            try await #expect(half.all().hasPrefix("HTTP/1.1 400 "))
            try await api.register(instance("web", "2"))
            try await #expect(stays.answer().status == 200)
        }
    }

    @Test func `a connection asks again and again, and then something else`() async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "0"))
            let reader = try await api.connect()
            for id in 1...20 {
                let index = api.registry.snapshot.index
                try await reader.ask("\(Self.web)?index=\(index)&wait=\(300 - id)s")
                try await eventually { api.waiting == 1 }
                try await api.register(instance("web", "\(id)"))
                try await #expect(reader.answer().index == index + 1)
            }
            try await reader.ask("\(Self.web)?index=\(api.registry.snapshot.index)&wait=10ms")
            try await #expect(reader.answer().status == 200)
            try await reader.ask("/v1/status/leader")
            try await #expect(reader.answer().status == 200)
        }
    }

    @Test(arguments: [false, true])
    func `all of 1,000 watchers of one service are woken by one change, and nobody else is`(
        _ isKnown: Bool
    )
        async throws
    {
        raiseOpenFiles()
        try await LiveAPI.run { api in
            try await api.registry.submit(["web", "db"].map { try Wake.Change.register($0, $0).change })
            if isKnown { _ = try await api.get(Self.web) }
            let index = api.registry.snapshot.index
            let readers = try await api.readers(1000, "\(Self.web)?index=\(index)")
            let others = try await api.readers(100, "/v1/health/service/db?index=\(index)")
            #expect(api.waiting == 1100)
            try await api.register(instance("web", "2"))
            #expect(api.waiting == 100)
            for reader in readers {
                let answer = try await reader.answer()
                #expect(answer.index == index + 1)
                #expect(answer.body.contains(#""ID":"2""#))
            }
            #expect(others.allSatisfy { $0.received == "" })
        }
    }

    @Test func `one of those who wait makes the answer for all of them, also if it is gone by then`() async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            let index = try await api.get(Self.web).index
            let readers = try await api.readers(20, "\(Self.web)?index=\(index)")
            let encodings = api.api.encoded.encodings
            try await api.register(instance("web", "2"))
            for reader in readers.prefix(10) { reader.channel?.close(promise: nil) }
            for reader in readers.dropFirst(10) { try await #expect(reader.answer().index == index + 1) }
            #expect(api.api.encoded.encodings == encodings + 1)
        }
    }

    /// What may be understood in two ways is never taken for known.
    @Test(arguments: [
        "index=N&index=1", "%69ndex=N", "index=N&wait=300s&wait=1ms", "wait=300s&index=N", "pretty&index=N",
    ])
    func `however it is written, an index that was seen waits`(_ query: String) async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            for port in 2...4 {
                let index = try await api.get(Self.web).index
                let reader = try await api.reader("\(Self.web)?\(query.replacing("N", with: "\(index)"))")
                try await api.register(instance("web", "1", port: port))
                let answer = try await reader.answer()
                #expect(answer.index == index + 1)
                #expect(answer.body.contains(/"Port": ?\d/))
            }
        }
    }

    @Test(arguments: [false, true]) func `shutdown answers all that wait`(_ isKnown: Bool) async throws {
        let (reader, index) = try await LiveAPI.run { api in
            try await api.register(instance("web", "1"))
            if isKnown { _ = try await api.get(Self.web) }
            let index = api.registry.snapshot.index
            return (try await api.reader("\(Self.web)?index=\(index)"), index)
        }
        let answer = try await reader.answer()
        #expect(answer.status == 200)
        #expect(answer.index == index)
    }

    /// Writers race with readers that go from index to index: each must end with what the catalog says in the end.
    @Test func `no change is missed`() async throws {
        try await LiveAPI.run { api in
            try await api.register(instance("web", "0"))
            try await withThrowingTaskGroup { group in
                for writer in 1...2 {
                    group.addTask {
                        for round in 1...50 { try await api.register(instance("web", "\(writer)", port: round)) }
                    }
                }
                for _ in 0..<10 {
                    group.addTask {
                        let reader = try await api.connect()
                        var index: UInt64 = 0
                        var body = ""
                        while !(body.contains(#""ID":"1""#) && body.matches(of: /"Port":50/).count == 2) {
                            try await reader.ask("\(Self.web)?index=\(index)&wait=20s")
                            let answer = try await reader.answer()
                            #expect(answer.index > index)
                            (index, body) = (answer.index, answer.body)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// A read that waits, changes that leave it waiting, and changes of which the last one wakes it.
struct Wake: CustomTestStringConvertible, Sendable {
    enum Change: Sendable {
        case register(String, String)
        /// What is registered already.
        case again
        case remove(String)
        case check(String, HealthStatus)
        case node(String)
        case nodeMeta(String)

        var change: CatalogChange {
            get throws {
                let agent = try APIUnderTest.agent()
                switch self {
                case .register(let name, let id):
                    return .putInstance(
                        ServiceInstance(node: agent.node, id: id, name: try ServiceName(name)), checks: nil)
                case .again: return try Change.register("web", "1").change
                case .remove(let id): return .removeInstance(InstanceKey(node: agent.node, id: id))
                case .check(let id, let status):
                    return .setStatus(CheckKey(node: agent.node, id: id), status, output: "")
                case .node(let name):
                    return .putNode(Node(name: try NodeName(name), id: "", address: Address(.v4(0x0a00_0001))))
                case .nodeMeta(let value):
                    return .putNode(
                        Node(
                            name: agent.node, id: agent.nodeID, address: Address(agent.address), meta: ["a": value]))
                }
            }
        }
    }

    let path: String
    let others: [Change]
    let changes: [Change]

    init(_ path: String, not others: [Change], by changes: [Change]) {
        self.path = path
        self.others = others
        self.changes = changes
    }

    var testDescription: String { "\(path): not \(others), but \(changes)" }
}

/// A check of the instance `1`.
private func check(_ id: String, _ status: HealthStatus) throws -> HealthCheck {
    HealthCheck(node: try APIUnderTest.agent().node, id: id, name: id, status: status, instance: "1")
}

private func instance(_ name: String, _ id: String, port: Int = 0) -> String {
    #"{"name":"\#(name)","id":"\#(id)","port":\#(port)}"#
}

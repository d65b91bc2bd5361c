import AsyncHTTPClient
import Logging
import Registry
import Synchronization
import TestSupport
import Testing

@testable import DockerWatch

@Suite(.timeLimit(.minutes(2))) struct `With an engine that misbehaves` {
    private func withFake(
        prepare: (FakeEngine) -> Void = { _ in }, _ body: (FakeEngine, Registry, DockerWatcher) async throws -> Void
    ) async throws {
        let engine = FakeEngine()
        prepare(engine)
        try await engine.start()
        let result: Result<Void, any Error>
        do {
            result = .success(
                try await withWatcher(on: engine.path) { registry, watcher in
                    try await body(engine, registry, watcher)
                })
        } catch {
            result = .failure(error)
        }
        try await engine.stop()
        try result.get()
    }

    @Test func `only GET requests of the engine's own version are made`() async throws {
        try await withFake(prepare: { $0.set("a1", port: 8001) }) { engine, registry, _ in
            try await expectEventually(registry, engine.lines)
            let requests = engine.requests
            #expect(requests.first == "/_ping")
            #expect(requests.dropFirst().allSatisfy { $0.hasPrefix("/v1.41/") })
            let events = requests.firstIndex { $0.contains("/events") }
            let list = requests.firstIndex { $0.contains("/containers/json") }
            #expect(try #require(events) < (try #require(list)), "events are listened to before containers are listed")
        }
    }

    @Test func `the reason why there is no engine is plain`() async throws {
        func reason(_ endpoint: DockerEndpoint) async throws -> String {
            let client = DockerSocket.makeClient()
            let result: Result<DockerSocket, DockerError>
            let socket = DockerSocket(endpoint: endpoint, client: client, patience: .milliseconds(200))
            do throws(DockerError) { result = .success(try await socket.negotiated()) } catch {
                result = .failure(error)
            }
            try await client.shutdown()
            guard case .failure(let error) = result else { return "" }
            return "\(error)"
        }
        #expect(
            try await reason(.unix(path: "/tmp/no-such.sock"))
                == "unix:///tmp/no-such.sock does not exist: is Docker running?")
        #expect(
            try await reason(.tcp(host: "127.0.0.1", port: 1))
                == "nothing listens on tcp://127.0.0.1:1: is Docker running?")
        try await withFake(prepare: { $0.fail("/_ping", with: .silence, times: 1000) }) { engine, _, _ in
            let silence = try await reason(.unix(path: engine.path))
            #expect(silence == "GET /_ping was not answered in time")
        }
        try await withFake(prepare: { $0.fail("/_ping", with: .status(403), times: 1000) }) { engine, _, _ in
            let refusal = try await reason(.unix(path: engine.path))
            #expect(refusal.hasPrefix("GET /_ping is forbidden: a proxy in front of Docker must let"))
        }
    }

    @Test func `an engine that stops has closed the connection`() async throws {
        try await withFake { engine, registry, _ in
            let client = DockerSocket.makeClient()
            let socket = DockerSocket(endpoint: .unix(path: engine.path), client: client)
            let session = DockerSession(
                socket: socket, engine: EngineInfo(id: "FAKE", version: "1"), agent: .test, registry: registry,
                table: SharedContainerTable(), logger: Logger(label: "test"), onListed: {}, onCaughtUp: {})
            let failure = await withTaskGroup(of: (any Error)?.self) { group in
                group.addTask {
                    do { try await session.run() } catch { return error }
                    return nil
                }
                // The harness's own watcher has the other one.
                _ = try? await eventually { engine.streamCount == 2 }
                engine.endEvents()
                return await group.next() ?? nil
            }
            try await client.shutdown()
            #expect(failure.map { "\($0)" } == "the engine closed the connection")
        }
    }

    @Test func `what starts and dies during the first listing is seen`() async throws {
        try await withFake(prepare: {
            $0.set("early", port: 8001)
            $0.fail("/containers/json", with: .held)
        }) { engine, registry, _ in
            _ = try await eventually { engine.heldCount == 1 }
            engine.set("late", port: 8002)
            engine.set("early", port: 0, event: "die")
            _ = try await eventually { registry.lines == engine.lines }
            engine.release()
            try await expectEventually(registry, ["vm:late:80 10.11.97.181:8002"])
        }
    }

    @Test func `an answer that was overtaken by an event is not the last word`() async throws {
        try await withFake { engine, registry, _ in
            _ = try await eventually { engine.streamCount == 1 }
            engine.fail("/containers/\(Container.id("a1"))", with: .held)
            engine.set("a1", port: 8001)
            _ = try await eventually { engine.heldCount == 1 }
            engine.set("a1", port: 0, event: "die")
            engine.release()
            try await expectEventually(registry, [])
            _ = try await eventually { engine.requests.count { $0.contains(Container.id("a1")) } >= 2 }
            try await expectEventually(registry, [])
        }
    }

    @Test func `repeated and reordered events, and events about nothing, do no harm`() async throws {
        try await withFake { engine, registry, _ in
            _ = try await eventually { engine.streamCount == 1 }
            engine.set("a1", port: 8001, event: "die")
            engine.set("b1", port: 8002, event: nil)
            for action in ["start", "start", "destroy", "b1"] {
                engine.emit(action, "a1")
                engine.emit(action, "b1")
                engine.emit(action, "never-was")
            }
            try await expectEventually(registry, engine.lines)
            engine.remove("a1", event: "start")
            try await expectEventually(registry, engine.lines)
        }
    }

    @Test func `an event that cannot be read leads to a listing`() async throws {
        try await withFake { engine, registry, _ in
            _ = try await eventually { engine.streamCount == 1 }
            engine.set("a1", port: 8001, event: nil)
            engine.send("{\"Type\":\"contai\n")
            try await expectEventually(registry, engine.lines)
        }
    }

    @Test func `a stream that ends in the middle of an event is opened again`() async throws {
        try await withFake { engine, registry, _ in
            _ = try await eventually { engine.streamCount == 1 }
            engine.send("{\"Type\":\"container\",\"Act")
            engine.set("a1", port: 8001, event: nil)
            engine.endEvents()
            try await expectEventually(registry, engine.lines, within: .seconds(20))
        }
    }

    @Test(arguments: ["/_ping", "/info", "/events", "/containers/json", "/containers/"])
    func `errors, half answers and nonsense are asked again`(path: String) async throws {
        try await withFake(prepare: { engine in
            engine.set("a1", port: 8001)
            for fault in [FakeEngine.Fault.status(500), .endsHalfWay, .status(403)] { engine.fail(path, with: fault) }
            if path != "/_ping", path != "/events" { engine.fail(path, with: .body(#"{"Id": 7, "x": [{"#)) }
        }) { engine, registry, _ in
            try await expectEventually(registry, engine.lines)
        }
    }

    @Test func `one container that hangs or cannot be read holds up no other`() async throws {
        try await withFake(prepare: { engine in
            for number in 0..<20 { engine.set("c\(number)", port: UInt16(8000 + number)) }
            engine.set("stuck", port: 0)
            engine.set("odd", port: 0)
            engine.fail(Container.id("stuck"), with: .hangsHalfWay, times: 1000)
            engine.fail(Container.id("odd"), with: .body("[]"), times: 1000)
        }) { engine, registry, _ in
            engine.emit("start", "stuck")
            engine.emit("start", "odd")
            try await expectEventually(registry, engine.lines, within: .seconds(20))
            engine.set("more", port: 9000)
            try await expectEventually(registry, engine.lines, within: .seconds(20))
        }
    }

    @Test func `while the engine is away registrations stay, and its return heals all`() async throws {
        try await withFake(prepare: { engine in
            engine.set("stays", port: 8001)
            engine.set("goes", port: 8002)
        }) { engine, registry, watcher in
            try await expectEventually(registry, engine.lines)
            let before = registry.lines
            try await engine.stop()
            let requests = engine.requests.count
            engine.remove("goes", event: nil)
            engine.set("new", port: 8003, event: nil)
            #expect(try await eventually { watcher.failedAttempts >= 3 })
            #expect(watcher.view == .outdated)
            #expect(registry.lines == before)
            #expect(engine.requests.count == requests)
            try await engine.start()
            try await expectEventually(registry, engine.lines, within: .seconds(20))
        }
    }

    @Test func `an engine that comes after the watcher is found`() async throws {
        let engine = FakeEngine()
        engine.set("a1", port: 8001)
        try await withWatcher(on: engine.path) { registry, watcher in
            #expect(try await eventually { watcher.failedAttempts >= 2 })
            #expect(registry.lines.isEmpty && watcher.view == .unseen)
            try await engine.start()
            try await expectEventually(registry, engine.lines, within: .seconds(20))
            #expect(try await eventually { watcher.view == .current })
        }
        try await engine.stop()
    }

    @Test func `it has caught up when everything that was listed first is registered, not before`() async throws {
        let engine = FakeEngine()
        engine.set("a1", port: 8001)
        engine.set("b1", port: 8002)
        engine.set("odd", port: 8003)
        engine.fail(Container.id("b1"), with: .held)
        engine.fail(Container.id("odd"), with: .body("[]"), times: 1000)
        try await engine.start()
        let times = Atomic(0)
        try await withWatcher(
            on: engine.path, onCaughtUp: { times.add(1, ordering: .relaxed) }
        ) { registry, _ in
            try await expectEventually(registry, ["vm:a1:80 10.11.97.181:8001"])
            #expect(try await eventually { engine.heldCount == 1 })
            #expect(times.load(ordering: .relaxed) == 0)
            engine.release()
            #expect(try await eventually { times.load(ordering: .relaxed) == 1 })
            #expect(registry.lines == ["vm:a1:80 10.11.97.181:8001", "vm:b1:80 10.11.97.181:8002"])
            engine.endEvents()
            #expect(try await eventually { times.load(ordering: .relaxed) == 2 }, "once for each connection")
        }
        try await engine.stop()
    }

    @Test func `it has caught up at once with an engine that runs nothing`() async throws {
        let engine = FakeEngine()
        try await engine.start()
        let (caughtUp, report) = AsyncStream<Void>.makeStream()
        try await withWatcher(on: engine.path, onCaughtUp: { report.finish() }) { _, _ in
            for await _ in caughtUp {}
        }
        try await engine.stop()
    }

    @Test func `a label of a megabyte hides neither its container nor others`() async throws {
        try await withFake(prepare: { engine in
            engine.set("a1", port: 8001)
            engine.setLabel("SERVICE_NAME", String(repeating: "x", count: 1 << 20))
        }) { engine, registry, watcher in
            try await expectEventually(registry, engine.lines)
            #expect(registry.snapshot.services.map(\.name.text) == ["web1"])
            let note = "SERVICE_NAME has 1048576 octets, more than 4096: not used"
            #expect(try await eventually { watcher.reports(matching: "a1").flatMap(\.notes) == [note] })
        }
    }

    @Test func `an id that was registered over HTTP is not taken over, until it is free`() async throws {
        let engine = FakeEngine()
        engine.set("a1", port: 8001)
        try await engine.start()
        let foreign = ServiceInstance(
            node: Agent.test.node, id: "vm:a1:80", name: try ServiceName("mine"), port: 1)
        try await withWatcher(on: engine.path, prepared: [foreign]) { registry, watcher in
            _ = try await eventually { !watcher.reports(matching: "a1").isEmpty }
            #expect(registry.lines == ["vm:a1:80 :1"])
            try await registry.submit([.removeInstance(foreign.key)])
            engine.send("what?\n")
            try await expectEventually(registry, engine.lines)
        }
        try await engine.stop()
    }

    @Test func `what could not be stored is registered when there is space again`() async throws {
        let engine = FakeEngine()
        engine.set("a1", port: 8001)
        try await engine.start()
        let journal = FillableJournal()
        journal.isFull.store(true, ordering: .relaxed)
        try await withWatcher(on: engine.path, journal: journal) { registry, _ in
            _ = try await eventually { journal.refusals.load(ordering: .relaxed) >= 2 }
            engine.set("b1", port: 8002)
            engine.remove("a1")
            _ = try await eventually { journal.refusals.load(ordering: .relaxed) >= 4 }
            #expect(registry.lines.isEmpty)
            journal.isFull.store(false, ordering: .relaxed)
            try await expectEventually(registry, ["vm:b1:80 10.11.97.181:8002"])
        }
        try await engine.stop()
    }

    @Test func `what somebody else deregisters comes back with the next listing`() async throws {
        try await withFake(prepare: { $0.set("a1", port: 8001) }) { engine, registry, _ in
            try await expectEventually(registry, engine.lines)
            try await registry.submit([.removeInstance(InstanceKey(node: Agent.test.node, id: "vm:a1:80"))])
            engine.send("what?\n")
            try await expectEventually(registry, engine.lines)
        }
    }

    @Test func `a listing that says nothing new leads to no inspections and no changes`() async throws {
        try await withFake(prepare: { engine in
            for number in 0..<10 { engine.set("c\(number)", port: UInt16(8000 + number)) }
        }) { engine, registry, _ in
            try await expectEventually(registry, engine.lines)
            let listings = { engine.requests.count { $0.contains("/containers/json") } }
            engine.send("what?\n")
            _ = try await eventually { listings() == 2 }
            let inspections = { engine.requests.count { $0.hasSuffix("/json") } }
            let (before, index) = (inspections(), registry.snapshot.index)
            engine.send("what?\n")
            _ = try await eventually { listings() == 3 }
            engine.set("c0", port: 9000)
            try await expectEventually(registry, engine.lines)
            #expect(inspections() == before + 1)
            #expect(registry.snapshot.index == index + 1)
        }
    }
}

/// A journal on a disk that is full at times.
private final class FillableJournal: Journal {
    let isFull = Atomic(false)
    let refusals = Atomic(0)

    func takeRecovery() -> Recovery { Recovery() }

    func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome {
        guard isFull.load(ordering: .relaxed) else { return .durable }
        refusals.add(1, ordering: .relaxed)
        throw .full(path: "journal")
    }

    var arrivals: AsyncStream<[JournalEntry]> { AsyncStream { $0.finish() } }

    func store(_ snapshot: CatalogSnapshot) async throws(JournalError) {}

    func close() async throws(JournalError) {}
}

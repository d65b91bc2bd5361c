import DNS
import Logging
import Testing

@testable import Registry

@Suite struct `Keys and their locks` {
    @Test func `a key's indexes, flags and count of locks`() throws {
        var state = try CatalogState([.putNode(try node("n1")), .session(.put(session("s")))])
        try state.apply(.key(.put(Key("k"), value: [1], flags: 7)))
        #expect(try state.snapshot.keys.entry(Key("k"))?.createIndex == 3)
        try state.apply(.key(.lock(Key("k"), value: [2], flags: 0, "s")))
        try state.apply(.key(.put(Key("k"), value: [3], flags: 0)))
        var entry = try #require(try state.snapshot.keys.entry(Key("k")))
        #expect(entry.session == "s" && entry.lockIndex == 1 && entry.createIndex == 3 && entry.modifyIndex == 5)
        try state.apply(.key(.unlock(Key("k"), value: [4], flags: 0)))
        try state.apply(.key(.lock(Key("k"), value: [4], flags: 0, "s")))
        entry = try #require(try state.snapshot.keys.entry(Key("k")))
        #expect(entry.lockIndex == 2 && entry.value == [4])
    }

    @Test func `what changes nothing has no index`() throws {
        var state = try CatalogState([.putNode(try node("n1")), .session(.put(session("s")))])
        try state.apply(.key(.lock(Key("k"), value: [1], flags: 0, "s")))
        let changes: [CatalogChange] = [
            .key(.lock(try Key("k"), value: [1], flags: 0, "s")), .key(.put(try Key("k"), value: [1], flags: 0)),
            .key(.remove(try Key("x"))), .key(.removeAll(under: try KeyPrefix("x"))),
            .key(.endLockDelay(try Key("k"))), .session(.remove("x")), .session(.put(try session("s"))),
        ]
        for change in changes {
            #expect(try state.apply(change).isEmpty, "\(change)")
            #expect(state.snapshot.index == 3)
        }
    }

    /// What a session is bound to, and changes each of which ends it.
    @Test(
        arguments: [
            (["c"], [], CatalogChange.setStatus(CheckKey(node: try NodeName("n1"), id: "c"), .critical, output: "")),
            (["c"], [], .removeCheck(CheckKey(node: try NodeName("n1"), id: "c"))),
            (["c"], [], .putCheck(try check("c", of: nil, status: .critical))),
            ([], ["i"], .setStatus(CheckKey(node: try NodeName("n1"), id: "i"), .critical, output: "")),
            ([], ["i"], .removeInstance(try instanceKey("web"))),
            ([], ["i"], .putInstance(try instance("web", of: "web"), checks: [])),
            (
                [], ["i"],
                .putInstance(
                    try instance("web", of: "web"),
                    checks: [try check("i", of: "web", probe: .tcp(host: try Address("h"), port: 1))])
            ),
            ([], [], .removeNode(try NodeName("n1"))),
            (["serfHealth"], [], .putCheck(try check("serfHealth", of: nil, status: .critical))),
            ([], [], .session(.remove("s"))),
        ] as [([String], [String], CatalogChange)])
    func `a session ends, with its locks, in the change that ends it`(
        nodeChecks: [String], serviceChecks: [String], change: CatalogChange
    ) throws {
        for behavior in Session.Behavior.allCases {
            var state = try CatalogState([
                .putNode(try node("n1")), .putCheck(try check("c", of: nil, status: .passing)),
                .putInstance(try instance("web", of: "web"), checks: [try check("i", of: "web", status: .passing)]),
                .session(.put(session("s", behavior, nodeChecks, serviceChecks))),
                .key(.lock(try Key("k"), value: [1], flags: 0, "s")),
            ])
            let before = state.snapshot.index
            let delta = try state.apply(change)
            #expect(state.snapshot.sessions.isEmpty)
            #expect(delta.keys == [try Key("k")] && delta.sessions == ["s"])
            #expect(state.snapshot.index == before + 1)
            let entry = try state.snapshot.keys.entry(Key("k"))
            #expect(entry?.session == nil)
            #expect((entry == nil) == (behavior == .delete))
            #expect(try state.snapshot.sessions.isDelayed(Key("k")))
            #expect(try state.snapshot.keys.index(of: Key("k")) == before + 1)
        }
    }

    @Test(arguments: [
        CatalogChange.setStatus(CheckKey(node: try NodeName("n1"), id: "c"), .warning, output: "slow"),
        .setStatus(CheckKey(node: try NodeName("n1"), id: "other"), .critical, output: ""),
        .putNode(try node("n1", address: "10.0.0.9")), .removeNode(try NodeName("n2")),
        .removeInstance(try instanceKey("web")),
        .putInstance(try instance("web", of: "web", port: 1), checks: nil),
    ]) func `a session survives what it is not bound to`(_ change: CatalogChange) throws {
        var state = try CatalogState([
            .putNode(try node("n1")), .putNode(try node("n2")), .putCheck(try check("c", of: nil, status: .passing)),
            .putCheck(try check("other", of: nil, status: .passing)),
            .putInstance(try instance("web", of: "web"), checks: [try check("i", of: "web", status: .passing)]),
            .session(.put(session("s", .release, ["c", "serfHealth"]))),
        ])
        try state.apply(change)
        #expect(state.snapshot.sessions.count == 1)
    }

    @Test(arguments: [
        (["nope"], CatalogError.missingCheck("nope")), (["bad"], .criticalCheck("bad")),
    ]) func `a session cannot begin with a check that would end it`(_ checks: [String], _ error: CatalogError) throws {
        var state = try CatalogState([.putNode(try node("n1")), .putCheck(try check("bad", of: nil))])
        #expect(throws: error) { try state.apply(.session(.put(session("s", .release, checks)))) }
        #expect(state.snapshot.sessions.isEmpty)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Times of sessions` {
    @Test func `a session that nobody renews ends between one and two times its time to live`() async throws {
        try await withRegistry { registry in
            let timeToLive = Duration.milliseconds(400)
            let start = ContinuousClock.now
            try await registry.submit([
                .session(.put(session("s", lockDelay: .zero, timeToLive: timeToLive))),
                .key(.lock(try Key("k"), value: [], flags: 0, "s")),
            ])
            #expect(await eventually { registry.snapshot.sessions.isEmpty })
            #expect(ContinuousClock.now - start >= timeToLive)
            #expect(try registry.snapshot.keys.entry(Key("k"))?.session == nil)
        }
    }

    @Test func `one that is renewed in time does not`() async throws {
        try await withRegistry { registry in
            try await registry.submit([.session(.put(session("s", timeToLive: .milliseconds(500))))])
            let end = ContinuousClock.now + .milliseconds(1500)
            while ContinuousClock.now < end {
                #expect(registry.renewSession("s") != nil)
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await eventually { registry.renewSession("s") != nil })
            #expect(registry.renewSession("x") == nil)
        }
    }

    @Test func `a lost lock is given to nobody before its delay is over, and then to who asks`() async throws {
        try await withRegistry { registry in
            let delay = Duration.milliseconds(300)
            try await registry.submit([
                .session(.put(session("a", lockDelay: delay))), .session(.put(session("b"))),
                .key(.lock(try Key("k"), value: [], flags: 0, "a")),
            ])
            let start = ContinuousClock.now
            try await registry.submit([.session(.remove("a"))])
            let lock = Transaction([.key(.lock(try Key("k"), .init(value: [], flags: 0), "b"))])
            #expect(
                await eventually {
                    if case .done = try? await registry.perform(lock) { true } else { false }
                })
            #expect(ContinuousClock.now - start >= delay)
            #expect(try registry.snapshot.keys.entry(Key("k"))?.session == "b")
        }
    }

    @Test func `after a restart sessions, locks and delays are there, and their times begin again`() async throws {
        try await withTemporaryDirectory { directory in
            let first = Registry(journal: try SQLiteJournal(directory: directory), logger: Logger(label: "test"))
            try await first.submit([
                .putNode(try node("n1")), .session(.put(session("gone", lockDelay: .milliseconds(300)))),
                .session(.put(session("s", timeToLive: .milliseconds(400)))),
                .key(.lock(try Key("k"), value: [1], flags: 2, "s")),
                .key(.lock(try Key("d"), value: [], flags: 0, "gone")), .session(.remove("gone")),
            ])
            let before = first.snapshot
            await first.stop()
            try await withRegistry(try SQLiteJournal(directory: directory)) { registry in
                #expect(registry.snapshot.contents == before.contents)
                let delayed = try Key("d")
                #expect(registry.snapshot.sessions.isDelayed(delayed))
                #expect(await eventually { registry.snapshot.sessions.isEmpty })
                #expect(await eventually { !registry.snapshot.sessions.isDelayed(delayed) })
            }
        }
    }

    private func withRegistry(
        _ journal: any Journal = MemoryJournal(), _ body: @escaping @Sendable (Registry) async throws -> Void
    ) async throws {
        let registry = Registry(journal: journal, logger: Logger(label: "test"))
        try await withThrowingTaskGroup { group in
            group.addTask { try await registry.run() }
            if registry.snapshot.nodeCount == 0 { try await registry.submit([.putNode(try node("n1"))]) }
            try await body(registry)
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }
}

@Suite struct `Compaction with keys` {
    @Test func `large values count as several entries`() throws {
        let change = CatalogChange.key(.put(try Key("k"), value: Array(repeating: 0, count: 64 << 10), flags: 0))
        #expect(change.weight == 65)
        var state = CatalogState()
        try state.apply(change)
        #expect(state.snapshot.objectCount == 65)
    }
}

private func session(
    _ id: String, _ behavior: Session.Behavior = .release, _ nodeChecks: [String] = [], _ serviceChecks: [String] = [],
    lockDelay: Duration = .seconds(15), timeToLive: Duration? = nil
) throws -> Session {
    Session(
        id: id, node: try NodeName("n1"), lockDelay: lockDelay, behavior: behavior,
        timeToLive: timeToLive.map { Session.TimeToLive(text: "10s", duration: $0) }, nodeChecks: nodeChecks,
        serviceChecks: serviceChecks)
}

@Suite struct `Times to live that no API has taken` {
    @Test(arguments: [Int64.max, .min]) func `are limited rather than out of range`(seconds: Int64) throws {
        let duration = Duration(secondsComponent: seconds, attosecondsComponent: 0)
        let session = Session(
            id: "s", node: try nodeName("n1"), timeToLive: Session.TimeToLive(text: "", duration: duration),
            nodeChecks: [])
        let state = try CatalogState([.putNode(node("n1")), .session(.put(session))])
        let timers = SessionTimers(state.snapshot)
        #expect(timers.isRunning(.session("s")))
        timers.renew(session)
        #expect(timers.takeDue(at: .now).isEmpty == (seconds > 0))
    }
}

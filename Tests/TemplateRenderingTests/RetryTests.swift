import Testing

@testable import TemplateRendering

@Suite struct `What failed is tried again` {
    private let start = ContinuousClock.now

    @Test func `less and less often, up to once a minute`() {
        var clock = RetryClock()
        var now = start
        let pauses = (0..<9).map { _ in
            clock.fail(at: now)
            let pause = (clock.next ?? now) - now
            now += pause
            return pause
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60].map(Duration.seconds))
    }

    @Test func `as planned, whatever else is tried before`() {
        var clock = RetryClock()
        clock.fail(at: start)
        for step in 1..<10 { clock.fail(at: start + .milliseconds(100 * step)) }
        #expect(clock.next == start + .seconds(1))
        #expect(clock.isAhead(of: start + .milliseconds(999)))
        #expect(!clock.isAhead(of: start + .seconds(1)))
        clock.fail(at: start + .seconds(1))
        #expect(clock.next == start + .seconds(3))
    }

    @Test func `a command at its time, or at once for a new file`() {
        var owed = OwedCommands()
        owed.owe("reload", atOnce: true)
        #expect(owed.due(at: start) == ["reload"])
        for second in [0, 1, 3, 7] { owed.fail("reload", at: start + .seconds(second)) }
        #expect(owed.nextAttempt == start + .seconds(15))

        owed.owe("reload", atOnce: false)
        owed.owe("other", atOnce: true)
        #expect(owed.due(at: start + .seconds(8)) == ["other"])
        owed.succeed("other")

        owed.owe("reload", atOnce: true)
        #expect(owed.due(at: start + .seconds(8)) == ["reload"])
        owed.fail("reload", at: start + .seconds(8))
        #expect(owed.nextAttempt == start + .seconds(9))
        owed.keep(["other"])
        #expect(owed.nextAttempt == nil && owed.due(at: start + .seconds(60)).isEmpty)
    }

    @Test func `lasting trouble is told ever more rarely, and new trouble at once`() {
        var record = TroubleRecord()
        let reload = TroubleRecord.Subject.command("reload")
        func said(_ trouble: String, _ times: Int) -> [Int] {
            (0..<times).compactMap { _ in
                let (count, isWorthSaying) = record.note(trouble, about: reload)
                return isWorthSaying ? count : nil
            }
        }
        #expect(said("code 1", 40) == [1, 2, 4, 8, 16, 32])
        #expect(said("code 2", 3) == [1, 2])
        #expect(said("code 1", 1) == [1])
        #expect(record.note("code 1", about: .file("reload")).isWorthSaying)
        record.end(reload)
        #expect(said("code 1", 1) == [1])
    }

    @Test func `trouble is the same however time and process in its output change`() {
        var record = TroubleRecord()
        func said(_ error: String, _ times: Int) -> [Int] {
            (0..<times).compactMap { number in
                let output = "2026/11/23 09:40:\(number) [emerg] \(95 + number)#\(95 + number): \(error)"
                let (count, isWorthSaying) = record.note("code 1", output: output, about: .command("nginx"))
                return isWorthSaying ? count : nil
            }
        }
        #expect(said("no servers are inside upstream", 40) == [1, 2, 4, 8, 16, 32])
        #expect(said("host not found in upstream", 3) == [1, 2])
    }
}

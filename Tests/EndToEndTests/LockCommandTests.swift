import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct `The lock command` {
        private typealias Case = `The commands of Consul's command line`.Case

        @Test func `a program is run with the lock held, and nothing is left behind`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await `The commands of Consul's command line`.check(
                        [
                            Case("lock p echo $CONSUL_LOCK_HELD", "true"), Case("lock -n=2 p echo sem", "sem"),
                            Case("lock -try=5s p true"), Case("lock -shell=false p printf %s-%s\\n a b", "a-b"),
                            Case(
                                "lock -verbose p echo x",
                                """
                                Setting up lock at path: p/.lock
                                Attempting lock acquisition
                                Starting handler
                                x
                                Child terminated, releasing lock
                                Cleanup succeeded
                                """),
                            Case("kv get -recurse p"),
                            Case("lock p", err: "Key prefix and child command must be specified", status: 1),
                            Case("lock -n=0 p true", err: "Lock holder limit must be positive", status: 1),
                            Case("lock -timeout=-1s p true", err: "Timeout must be positive", status: 1),
                            Case(
                                "lock -monitor-retry=-1 p true", err: "Number for 'monitor-retry' must be >= 0",
                                status: 1),
                            Case("lock -child-exit-code p true"),
                        ], with: berth)
                    let failed = try await berth.command(["lock", "p", "exit 3"])
                    #expect(failed.status == 0 && failed.text == "Error running handler: exit status 3\n")
                    #expect(try await berth.command(["lock", "-child-exit-code", "p", "exit 3"]).status == 2)
                    #expect(try await berth.command(["lock", "-pass-stdin", "p", "cat"], input: "in").out == "in")
                    #expect(try await berth.command(["lock", "p", "cat"], input: "in").out == "")
                    #expect(try await berth.http.get("/v1/session/list").body == "[]")
                }
            }
        }

        @Test func `a second one waits for the first, or gives up in time`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await berth.withCommand(["lock", "p", "touch held; while [ -e held ]; do sleep 0.05; done"]) {
                        first in
                        let held = directory.appending(path: "held")
                        try await retrying(for: .seconds(20)) {
                            try expectNow(
                                FileManager.default.fileExists(atPath: held.path), "the first has no lock yet")
                        }
                        let entry = try await berth.command("kv get -detailed p/.lock").out
                        #expect(entry.contains("Flags            3304740253564472344\n"), "\(entry)")
                        let late = try await berth.command("lock -timeout=300ms p echo ran")
                        #expect(late.status == 1)
                        #expect(late.text == "Shutdown triggered or timeout during lock acquisition\n")
                        let semaphore = try await berth.command("lock -n=2 p echo ran")
                        #expect(
                            semaphore.text == "Lock acquisition failed: Existing key does not match semaphore use\n")
                        try await berth.withCommand(["lock", "p", "echo second"]) { second in
                            try await retrying(for: .seconds(20)) {
                                let sessions = try await berth.http.get("/v1/session/list").body
                                try expectNow(sessions.contains("echo second"), "the second is not there yet")
                            }
                            #expect(second.isRunning)
                            #expect(try second.log.text() == "")
                            try FileManager.default.removeItem(at: held)
                            #expect(try await second.status(within: .seconds(20)) == 0)
                            #expect(try second.log.text() == "second\n")
                        }
                        #expect(try await first.status(within: .seconds(20)) == 0)
                    }
                }
            }
        }

        @Test func `a semaphore lets in so many, and no more`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    // Each says that it is in, looks how many are, and waits until it may leave.
                    let program = "touch in-$$; ls in-* | wc -l >> counts; sleep 0.3; rm in-$$"
                    let path = try Berth.executable.path
                    let address = "127.0.0.1:\(berth.ports.http)"
                    try await withThrowingTaskGroup(of: Tool.Output.self) { group in
                        for _ in 0..<6 {
                            group.addTask {
                                try await Tool.env.run(
                                    ["-C", directory.path, path, "lock", "-http-addr=\(address)", "-n=2", "s", program])
                            }
                        }
                        for try await answer in group {
                            #expect(answer.status == 0 && answer.text == "", "\(answer.text)")
                        }
                    }
                    let counts = try directory.appending(path: "counts").text().split(whereSeparator: \.isWhitespace)
                    #expect(counts.count == 6 && counts.allSatisfy { $0 == "1" || $0 == "2" }, "\(counts)")
                    try await berth.withCommand(["lock", "-n=2", "s", "sleep 30"]) { holder in
                        try await retrying(for: .seconds(20)) {
                            let value = try await berth.command("kv get s/.lock").out
                            try expectNow(value.contains(#""Holders":{""#) && value.contains(#""Limit":2"#), value)
                        }
                        let other = try await berth.command("lock -n=3 s true")
                        #expect(other.text == "Lock acquisition failed: semaphore limit conflict (lock: 2, local: 3)\n")
                        #expect(other.status == 1)
                        holder.send(SIGINT)
                        #expect(try await holder.status(within: .seconds(20)) == 0)
                    }
                    #expect(try await berth.command("kv get -keys s").out == "")
                }
            }
        }

        @Test func `a signal ends the program first, and then lets go`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let program = "trap 'echo told; exit 1' TERM; echo started; while :; do sleep 0.05; done"
                    try await berth.withCommand(["lock", "-verbose", "p", program]) { lock in
                        try await retrying(for: .seconds(20)) {
                            try expectNow(lock.log.text().contains("started"), lock.log.text())
                        }
                        lock.send(SIGINT)
                        #expect(try await lock.status(within: .seconds(20)) == 0)
                        let expected = """
                            Shutdown triggered, killing child
                            told
                            Error running handler: exit status 1
                            Child terminated
                            Cleanup succeeded

                            """
                        let text = try lock.log.text()
                        #expect(text.hasSuffix(expected), "\(text)")
                    }
                }
            }
        }

        @Test func `a lock that was taken away ends the program`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    let program = "trap 'exit 1' TERM; echo started; while :; do sleep 0.05; done"
                    try await berth.withCommand(["lock", "-verbose", "p", program]) { lock in
                        try await retrying(for: .seconds(20)) {
                            try expectNow(lock.log.text().contains("started"), lock.log.text())
                        }
                        #expect(try await berth.command("kv delete p/.lock").status == 0)
                        #expect(try await lock.status(within: .seconds(20)) == 0)
                        let text = try lock.log.text()
                        #expect(text.contains("Lock lost, killing child\n"), "\(text)")
                    }
                }
            }
        }

        /// The session of the killed one ends 15 to 30 seconds later, and its lock is delayed for 15 more.
        @Test func `when its holder is killed, the lock goes to the next, and not before its session has ended`()
            async throws
        {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    try await berth.withCommand(["lock", "-shell=false", "p", "sh", "-c", "echo started; exec sleep 5"])
                    { first in
                        try await retrying(for: .seconds(20)) {
                            try expectNow(first.log.text() == "started\n", first.log.text())
                        }
                        try await berth.withCommand(["lock", "p", "echo second"]) { second in
                            let began = ContinuousClock.now
                            first.send(SIGKILL)
                            let status = try await second.status(within: .seconds(90))
                            #expect(status == 0)
                            #expect(try second.log.text() == "second\n")
                            // What the first had started has ended long before.
                            #expect(began.duration(to: .now) > .seconds(14))
                        }
                    }
                    #expect(try await berth.http.get("/v1/session/list").body == "[]")
                }
            }
        }
    }
}

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct `The commands that follow and end the server` {
        @Test func `the log is followed, also below the server's own level, until the server leaves`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "berth.yaml").write("log-level: error\n")
                try await Berth.run(in: directory, ["--data-dir", "memory", "--config", "berth.yaml"]) { berth in
                    try await berth.withCommand(["monitor", "-log-level=debug"]) { monitor in
                        try await berth.withCommand(["monitor", "-log-json"]) { json in
                            // A follower hears what comes after it: one reload may be too early.
                            try await retrying(for: .seconds(20)) {
                                let reloaded = try await berth.command("reload")
                                #expect(reloaded.text == "Configuration reload triggered\n" && reloaded.status == 0)
                                for log in [try monitor.log.text(), try json.log.text()] {
                                    try expectNow(log.contains("configuration reloaded"), "the log has \(log)")
                                }
                            }
                            for line in try json.log.text().split(separator: "\n") {
                                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                                #expect(object is [String: Any])
                            }
                            #expect(try await berth.command("leave").text == "Graceful leave complete\n")
                            #expect(try await berth.status(within: .seconds(5)) == 0)
                            for follower in [monitor, json] {
                                let status = try await follower.status(within: .seconds(5))
                                #expect(status == 1)
                                let text = try follower.log.text()
                                #expect(text.hasSuffix("\nremote side has exited or crashed.\n"), "\(text)")
                            }
                        }
                    }
                }
            }
        }

        @Test func `a follower that is interrupted ends, and one of a wrong level does not begin`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    try await berth.withCommand(["monitor"]) { monitor in
                        monitor.send(SIGINT)
                        let status = try await monitor.status(within: .seconds(5))
                        #expect(status == -SIGINT)
                    }
                    let wrong = try await berth.command("monitor -log-level=nope")
                    #expect(wrong.status == 1)
                    #expect(
                        wrong.err
                            == "Error starting monitor: Unexpected response code: 400 (Bad request: Unknown log level: nope)\n"
                    )
                }
            }
        }

        @Test func `a configuration that is refused is told`() async throws {
            try await withTemporaryDirectory { directory in
                let file = directory.appending(path: "berth.yaml")
                try file.write("log-level: info\n")
                try await Berth.run(in: directory, ["--data-dir", "memory", "--config", "berth.yaml"]) { berth in
                    try file.write("log-level: loud\n")
                    let answer = try await berth.command("reload")
                    #expect(answer.status == 1)
                    #expect(answer.err.hasPrefix("Error reloading: Unexpected response code: 500 ("), "\(answer.err)")
                    #expect(answer.err.contains("log-level: must be"), "\(answer.err)")
                }
            }
        }
    }
}

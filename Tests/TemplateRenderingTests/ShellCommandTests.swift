import Foundation
import Programs
import Testing

@testable import TemplateRendering

@Suite struct `A shell command` {
    @Test func `tells its exit code and what it wrote on both outputs`() async {
        let outcome = await Program.shell("echo out; echo err >&2; exit 3").run()
        #expect(outcome.ending == .exited(code: 3))
        #expect(outcome.output == "out\nerr\n")
        #expect(!outcome.isSuccess)
    }

    @Test func `never loses the last words of a program that ends at once`() async {
        for round in 0..<50 {
            let outcome = await Program.shell("echo \(round)").run()
            #expect(outcome.output == "\(round)\n")
        }
    }

    @Test func `may write more than is kept`() async {
        let outcome = await Program.shell("head -c 1000000 /dev/zero | tr '\\0' x").run()
        #expect(outcome.isSuccess)
        #expect(outcome.output == String(repeating: "x", count: 16 << 10))
    }

    @Test(.timeLimit(.minutes(1))) func `is ended with its children when it takes too long`() async throws {
        try await withDirectory { directory async throws in
            let command = Program.shell(
                "sleep 300 & echo $! > \(directory)/child; trap '' TERM; wait; sleep 300",
                timeout: .seconds(3))
            let outcome = await command.run()
            #expect(outcome.ending == .timedOut)
            let child = try #require(
                contents(of: "\(directory)/child")?.split(separator: "\n").first.flatMap { Int32($0) })
            #expect(try await eventually { !isRunning(child) })
        }
    }

    @Test(.timeLimit(.minutes(1))) func `is over when it ends, though a daemon keeps its output open`() async {
        let outcome = await Program.shell("sleep 5 & echo started").run()
        #expect(outcome.isSuccess)
        #expect(outcome.output == "started\n")
    }

    /// A process that has ended but whom nobody has waited for does not run.
    private func isRunning(_ process: Int32) -> Bool {
        guard let status = contents(of: "/proc/\(process)/stat") else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}

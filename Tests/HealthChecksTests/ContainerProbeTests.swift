import AsyncHTTPClient
import NIOCore
import Registry
import TestSupport
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(5))) struct `Programs in containers as checks` {
    @Test func `are judged by their exit code`() async throws {
        try await withDockerEngine { engine in
            try await engine.makeImage("box", [])
            try await engine.docker("run", "-d", "--name", "app", "box")
            let client = ContainerProbe.makeClient()
            func run(
                _ arguments: [String], in container: String = "app", on socket: String? = nil,
                timeout: Duration = .seconds(20)
            ) async -> Verdict {
                let engine = ContainerEngine.unix(path: socket ?? engine.socketPath)
                return await ContainerProbe(container: container, arguments: arguments, engine: engine, client: client)
                    .run(timeout: timeout)
            }
            for (script, status, output) in [
                ("echo well; echo said >&2", HealthStatus.passing, "well\nsaid\n"),
                ("exit 1", .warning, "exited with code 1"),
                ("echo bad; exit 2", .critical, "bad\n"),
            ] {
                let verdict = await run(["/bin/sh", "-c", script])
                #expect(verdict.status == status)
                // The two streams come in any order.
                #expect(verdict.output.sorted() == output.sorted())
            }
            let long = await run(["/bin/sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo 123456789; i=$((i+1)); done"])
            #expect(long.output.utf8.count == 4096)
            #expect(await run(["true"], in: "nobody").output.contains("No such container: nobody"))
            #expect(
                await run(["/bin/sh", "-c", "busybox sleep 60"], timeout: .milliseconds(300)).output.contains(
                    "timed out"))
            #expect(await run(["true"], on: "/nowhere").status == .critical)
            let none = ContainerProbe(container: "app", arguments: ["true"], engine: nil, client: client)
            #expect(await none.run(timeout: .seconds(1)).output.contains("without a Docker engine"))
            try await client.shutdown()
        }
    }

    @Test func `have said what the frames hold, however they are cut`() {
        let frames: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 3] + Array("one".utf8) + [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0x74, 0x6f]
        for size in 1...frames.count {
            var output = ExecOutput()
            for start in stride(from: 0, to: frames.count, by: size) {
                output.append(ByteBuffer(bytes: frames[start..<min(start + size, frames.count)]))
            }
            #expect(output.text == "oneto")
        }
    }
}

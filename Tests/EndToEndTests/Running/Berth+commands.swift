import Foundation

extension Berth {
    /// Runs a command of the program against this server, told of it by the environment.
    func command(_ arguments: [String], input: String = "", environment: [String] = []) async throws -> Tool.Output {
        let path = try Berth.executable.path
        let address = "BERTH_HTTP_ADDR=127.0.0.1:\(ports.http)"
        return try await Tool.env.run(
            ["-C", directory.path, address] + environment + [path] + arguments, input: input)
    }

    /// Runs a command that is written as in a shell without quotes.
    func command(_ line: String, input: String = "") async throws -> Tool.Output {
        try await command(line.split(separator: " ").map(String.init), input: input)
    }

    /// Runs a command of the program beside `body`, and ends it however that ends.
    func withCommand<Result>(
        _ arguments: [String], _ body: (BackgroundProcess) async throws -> Result
    ) async throws -> Result {
        let log = directory.appending(path: "command-\(UUID().uuidString).log")
        let process = try BackgroundProcess(
            URL(filePath: "/usr/bin/env"),
            ["BERTH_HTTP_ADDR=127.0.0.1:\(ports.http)", try Berth.executable.path] + arguments, in: directory, log: log)
        do {
            let result = try await body(process)
            try await process.end()
            return result
        } catch {
            try await process.end()
            throw error
        }
    }
}

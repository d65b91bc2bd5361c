import Subprocess

/// A program that the tests run for its answer, and the Debian package that brings it.
struct Tool: Sendable {
    let name: String
    let package: String

    static let curl = Tool(name: "curl", package: "curl")
    static let dig = Tool(name: "dig", package: "bind9-dnsutils")
    static let env = Tool(name: "env", package: "coreutils")
    static let haproxy = Tool(name: "haproxy", package: "haproxy")
    static let knot = Tool(name: "knotd", package: "knot")
    static let mount = Tool(name: "mount", package: "mount")
    static let umount = Tool(name: "umount", package: "mount")
    static let nginx = Tool(name: "nginx", package: "nginx-light")
    static let nsd = Tool(name: "nsd", package: "nsd")
    static let prometheus = Tool(name: "prometheus", package: "prometheus")
    static let promtool = Tool(name: "promtool", package: "prometheus")
    static let prlimit = Tool(name: "prlimit", package: "util-linux")
    static let timeout = Tool(name: "timeout", package: "coreutils")

    struct Output: Sendable {
        /// The exit status, or the number of the signal that ended it, negated.
        let status: Int32
        let out: String
        let err: String

        /// Both streams, as one would see them in a terminal.
        var text: String { out + err }
    }

    func run(_ arguments: [String], input: String = "") async throws -> Output {
        do {
            let result = try await Subprocess.run(
                .name(name), arguments: Arguments(arguments), input: .string(input),
                output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
            let status =
                switch result.terminationStatus {
                case .exited(let status): status
                case .signaled(let signal): -signal
                }
            return Output(status: status, out: result.standardOutput, err: result.standardError)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw MissingTool(tool: self)
        }
    }

    func callAsFunction(_ arguments: String...) async throws -> Output {
        try await run(arguments)
    }
}

struct MissingTool: Error, CustomStringConvertible {
    let tool: Tool

    var description: String { "\(tool.name) is not installed: apt-get install \(tool.package)" }
}

import Programs

extension Program {
    /// A command of the operator's, run by `sh -c`; the first 16 KiB of what it writes are kept.
    static func shell(_ command: String, timeout: Duration = .seconds(30)) -> Program {
        Program(["sh", "-c", command], timeout: timeout, outputLimit: 16 << 10)
    }
}

import Programs

/// Puts a rendered text in the place of a file: staged, checked, swapped.
///
/// The text is first written to a hidden file in the same directory, `.NAME.berth`. Its name does not end as the
/// destination's does, so that a pattern such as `include conf.d/*.conf` never picks it up, and it is always the same,
/// so that a check's own configuration can include it. It is then checked, and replaces the destination by one rename:
/// whoever reads the destination sees the old text or the new one, whole.
///
/// Where a command is to follow, an empty file `.NAME.berth-owed` stands beside it from before the rename until the
/// command has succeeded, so that a crash in between does not leave the command undone for ever.
struct Delivery: Sendable {
    let destination: String
    /// A shell command in which `{}` stands for the staged file's absolute path, quoted for the shell.
    var check: String?
    /// Whether a command is to run after the file was replaced.
    var owesCommand = false
    var checkTimeout: Duration = .seconds(30)

    enum Outcome: Hashable, Sendable {
        /// The file already says so; nothing was done.
        ///
        /// - Parameter commandOwed: whether the command after an earlier replacement has still to succeed.
        case unchanged(commandOwed: Bool)
        /// The file was replaced.
        ///
        /// - Parameter ownerKept: false if the file belongs to us now, because only a privileged process can give it back.
        case replaced(ownerKept: Bool)
    }

    private static let maximumOctets = 256 << 20

    /// - Throws: ``DeliveryError``, with the old file as it was.
    func deliver(_ contents: [UInt8]) async throws(DeliveryError) -> Outcome {
        do {
            let path = try File.resolve(destination)
            let current = try File.status(of: path)
            guard current?.isRegular ?? true else { throw DeliveryError.notRegular(path) }
            if current != nil, try File.read(path, maximum: Self.maximumOctets) == contents {
                return .unchanged(commandOwed: try owesCommand && File.status(of: Self.markPath(for: path)) != nil)
            }
            try File.createDirectory(File.directory(of: path))
            let staged = Self.stagedPath(for: path)
            defer { File.remove(staged) }
            let ownerKept = try File.create(staged, contents, like: current)
            try await runCheck(on: staged)
            if owesCommand { _ = try File.create(Self.markPath(for: path), [], like: nil) }
            try File.rename(staged, to: path)
            return .replaced(ownerKept: ownerKept)
        } catch let error as FileError {
            throw .file(error)
        } catch let error as DeliveryError {
            throw error
        } catch {
            throw .interrupted
        }
    }

    /// Notes that the command has succeeded.
    func settle() throws(FileError) { File.remove(Self.markPath(for: try File.resolve(destination))) }

    private static func stagedPath(for path: String) -> String {
        "\(File.directory(of: path))/.\(File.name(of: path)).berth"
    }

    private static func markPath(for path: String) -> String { "\(stagedPath(for: path))-owed" }

    private func runCheck(on staged: String) async throws(DeliveryError) {
        guard let check else { return }
        let quoted =
            "'" + staged.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        let text = check.split(separator: "{}", omittingEmptySubsequences: false).joined(separator: quoted)
        let outcome = await Program.shell(text, timeout: checkTimeout).run()
        guard !Task.isCancelled else { throw .interrupted }
        guard outcome.isSuccess else { throw .checkFailed(command: text, outcome) }
    }
}

/// Why a rendered text did not reach its file. The file is as it was.
enum DeliveryError: Error, Equatable {
    case file(FileError)
    case notRegular(String)
    case checkFailed(command: String, Program.Outcome)
    /// The program is stopping.
    case interrupted
}

extension DeliveryError: CustomStringConvertible {
    var description: String {
        switch self {
        case .file(let error):
            error.doing == "replace" && error.code == File.isBusy
                ? "\(error); it is mounted by itself, so mount its directory instead" : "\(error)"
        case .notRegular(let path): "\(path) is a directory or a device; name a regular file"
        case .checkFailed(let command, let outcome):
            "the check \"\(command)\" \(outcome.ending)\(Self.advice(for: command, outcome)); the old file stays"
        case .interrupted: "stopped before it was done; the old file stays"
        }
    }

    /// The shell ends with 127 when there is no such program.
    private static func advice(for command: String, _ outcome: Program.Outcome) -> String {
        guard outcome.ending == .exited(code: 127), let program = command.split(separator: " ").first else { return "" }
        return ": no program \"\(program)\"; install the package \(File.name(of: String(program)))"
    }
}

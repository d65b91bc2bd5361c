import ArgumentParser

/// `berth snapshot`: all there is, as one file.
struct Snapshot: CommandGroup {
    static let configuration = CommandConfiguration(
        abstract: "Save all there is as one file, and restore it.",
        subcommands: [SnapshotInspect.self, SnapshotRestore.self, SnapshotSave.self])
}

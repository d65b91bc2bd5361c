import Foundation
import Snapshots

/// A file that `berth snapshot save` has made.
enum SavedSnapshot {
    /// The one argument that names it.
    static func path(in arguments: [String]) throws(CommandFailure) -> String {
        guard let file = arguments.first else { throw CommandFailure(message: "Missing FILE argument") }
        guard arguments.count == 1 else {
            throw CommandFailure(message: "Too many arguments (expected 1, got \(arguments.count))")
        }
        return file
    }

    /// Reads all of it, as a server would that restores it.
    static func verify(_ file: String) throws(CommandFailure) -> SnapshotMeta {
        let handle: FileHandle
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: file))
        } catch {
            throw CommandFailure(message: "Error opening snapshot file: \(GivenData.reason(error, file))")
        }
        defer { try? handle.close() }
        do {
            let reader = SnapshotReader()
            while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { try reader.read(Array(part)) }
            return try reader.finish().meta
        } catch let error as SnapshotError {
            throw CommandFailure(message: "Error verifying snapshot: \(error)")
        } catch {
            throw CommandFailure(message: "Error reading snapshot file: \(error.localizedDescription)")
        }
    }

    static func json(_ meta: SnapshotMeta) throws -> Data {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(meta)
    }
}

import Foundation
import Logging

@testable import Registry

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

func copyFiles(from source: String, to destination: String) throws {
    try? FileManager.default.removeItem(atPath: destination)
    try FileManager.default.copyItem(atPath: source, toPath: destination)
}

/// What a journal gives back, with nothing kept open.
func recovered(_ directory: String) async throws -> Recovery {
    let journal = try SQLiteJournal(directory: directory)
    let recovery = journal.takeRecovery()
    try await journal.close()
    return recovery
}

import Foundation

/// A folder of the test's own, gone when the test is over.
func withTemporaryDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "berth-test-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
        do { try FileManager.default.removeItem(at: directory) } catch { print("\(directory.path) stays: \(error)") }
    }
    return try await body(directory)
}

extension URL {
    func write(_ text: String) throws {
        try text.write(to: self, atomically: true, encoding: .utf8)
    }

    func text() throws -> String {
        try String(contentsOf: self, encoding: .utf8)
    }
}

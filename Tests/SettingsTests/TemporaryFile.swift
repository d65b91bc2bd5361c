import Foundation

/// Calls `body` with the path of a file that holds `text` and is gone afterwards.
func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appending(path: "berth.yaml")
    try Data(text.utf8).write(to: file)
    return try body(file.path)
}

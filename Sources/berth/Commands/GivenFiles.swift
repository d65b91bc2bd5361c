import Foundation

/// The files that a path on the command line stands for.
enum GivenFiles {
    /// - Returns: of a folder, the files whose names end in one of `endings`, by their names; any other path itself.
    static func at(_ path: String, endings: [String]) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted().map { "\(path)/\($0)" }
    }
}

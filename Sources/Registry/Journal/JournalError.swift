/// Why a journal could not be opened, read or written. Every text names the file or directory.
package enum JournalError: Error, Equatable, Sendable {
    /// Another process, or this one, has the directory open.
    case inUse(directory: String)
    /// Missing permission, a file where a directory should be, a read-only file system.
    case inaccessible(path: String, reason: String)
    /// The file system has no space left.
    case full(path: String)
    /// The device or file system failed.
    case failed(path: String, reason: String)
    /// The file is not a journal, or is damaged as a whole.
    case damaged(path: String, reason: String)
    /// One entry, or one record of the snapshot up to `position`, cannot be read.
    case unreadable(path: String, position: UInt64, reason: String)
    /// Written by a newer Berth.
    case unknownVersion(path: String, version: Int)
}

extension JournalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inUse(let directory):
            "the data directory \(directory) is in use by another process; stop it or choose another with --data-dir"
        case .inaccessible(let path, let reason):
            "\(path) cannot be used: \(reason); check its permissions or choose another directory with --data-dir"
        case .full(let path):
            "no space is left for \(path); free some, nothing has to be restarted"
        case .failed(let path, let reason):
            "\(path) could not be read or written: \(reason)"
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)); restore it from a backup, or move it away to start without it"
        case .unreadable(let path, let position, let reason):
            "\(path) is damaged at position \(position) (\(reason)); restore it from a backup, or move it away to start without it"
        case .unknownVersion(let path, let version):
            "\(path) was written by a newer Berth (format \(version)); run that version, or move it away to start without it"
        }
    }
}

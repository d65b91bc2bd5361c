import Foundation
import Glibc

/// The directory a journal lives in, held for this process alone from initialization on.
///
/// The hold is an advisory lock on the directory itself: the kernel drops it when the process ends, however it ends.
final class DataDirectory: Sendable {
    let path: String
    private let descriptor: CInt

    /// Makes the directory where it is missing, readable for its owner only.
    ///
    /// - Throws: ``JournalError/inUse(directory:)``, ``JournalError/inaccessible(path:reason:)``.
    init(_ path: String) throws(JournalError) {
        // Worked out once: a process may change its working directory.
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try Self.create(self.path)
        } catch {
            throw .inaccessible(path: self.path, reason: error.reason)
        }
        descriptor = unsafe open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .inaccessible(path: self.path, reason: Self.lastError) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason = Self.lastError
            Glibc.close(descriptor)
            throw isTaken ? .inUse(directory: self.path) : .inaccessible(path: self.path, reason: reason)
        }
        guard unsafe access(self.path, W_OK | X_OK) == 0 else {
            let reason = Self.lastError
            Glibc.close(descriptor)
            throw .inaccessible(path: self.path, reason: reason)
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Lets others have the directory.
    func release() { flock(descriptor, LOCK_UN) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Gives a file its final name, over whatever had it, so that it is there after a power loss too.
    func move(_ name: String, to newName: String) throws(JournalError) {
        guard unsafe rename(file(name), file(newName)) == 0, fsync(descriptor) == 0 else {
            throw .failed(path: file(newName), reason: Self.lastError)
        }
    }

    /// Removes a file if it is there.
    func remove(_ name: String) throws(JournalError) {
        guard unsafe unlink(file(name)) == 0 || errno == ENOENT else {
            throw .failed(path: file(name), reason: Self.lastError)
        }
    }

    /// - Parameter makesParents: whether folders above `path` that are missing are made, too.
    private static func create(_ path: String, makesParents: Bool = true) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) != 0 else {
            // The new name must outlive a power loss as the files in it do.
            return try synchronize(parent(of: path))
        }
        switch errno {
        case EEXIST:
            return
        case ENOENT where makesParents && parent(of: path) != path:
            try create(parent(of: path))
            // Once: /proc says ENOENT to a new folder though the one above it is there.
            try create(path, makesParents: false)
        default:
            throw SystemError(reason: lastError)
        }
    }

    private static func synchronize(_ path: String) throws(SystemError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(reason: lastError) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(reason: lastError) }
    }

    private static func parent(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().standardizedFileURL.path
    }

    private static var lastError: String { unsafe String(cString: strerror(errno)) }

    private struct SystemError: Error {
        var reason: String
    }
}

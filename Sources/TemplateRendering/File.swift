import Glibc

/// The few system calls that replacing a file safely takes.
enum File {
    /// What is kept when a file is replaced, and what tells that one was changed.
    struct Status: Equatable {
        var mode: mode_t
        var owner: uid_t
        var group: gid_t
        var isRegular: Bool
        /// Device, inode, size and time of the last change to the contents.
        var identity: [Int]
    }

    /// - Returns: `nil` if there is no such file.
    static func status(of path: String) throws(FileError) -> Status? {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError(doing: "look at", path)
        }
        return Status(
            mode: info.st_mode & 0o7777, owner: info.st_uid, group: info.st_gid,
            isRegular: info.st_mode & S_IFMT == S_IFREG,
            identity: [
                Int(info.st_dev), Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
            ])
    }

    /// - Parameter maximum: octets; a larger file is refused.
    /// - Returns: `nil` if there is no such file.
    static func read(_ path: String, maximum: Int) throws(FileError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError(doing: "read", path)
        }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(doing: "read", path) }
            guard count > 0 else { return contents }
            contents += chunk[..<count]
            guard contents.count <= maximum else { throw FileError(doing: "read", path, code: EFBIG) }
        }
    }

    /// Makes a new file, in place of one that was left there, and forces it to the disk.
    ///
    /// - Parameter model: whose mode and owner it gets; `nil`: 0644 and our own.
    /// - Returns: whether it has the model's owner; only a privileged process can give files away.
    static func create(_ path: String, _ contents: [UInt8], like model: Status?) throws(FileError) -> Bool {
        _ = unsafe unlink(path)
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(doing: "write", path) }
        defer { close(descriptor) }
        // The owner first: changing it clears set-user-id bits.
        let hasOwner = model.map { fchown(descriptor, $0.owner, $0.group) == 0 } ?? true
        guard fchmod(descriptor, model?.mode ?? 0o644) == 0 else { throw FileError(doing: "set the mode of", path) }
        var rest = contents[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(doing: "write", path) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw FileError(doing: "write", path) }
        return hasOwner
    }

    /// Puts the file at `path` in the place of `destination`: readers see the one or the other, whole.
    static func rename(_ path: String, to destination: String) throws(FileError) {
        guard unsafe Glibc.rename(path, destination) == 0 else { throw FileError(doing: "replace", destination) }
        let directory = directory(of: destination)
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(doing: "open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(doing: "write", directory) }
    }

    /// The errno of a rename onto a file that is a mount point, as single files in containers are.
    static let isBusy = EBUSY

    static func remove(_ path: String) {
        _ = unsafe unlink(path)
    }

    /// Makes a directory and those above it, where they are missing.
    static func createDirectory(_ path: String) throws(FileError) {
        guard try status(of: path) == nil else { return }
        let parent = directory(of: path)
        if parent != path { try createDirectory(parent) }
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError(doing: "make", path) }
    }

    /// The path without its last component.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component of a path.
    static func name(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    }

    /// The absolute path of the file that `path` names, with symbolic links at its end followed.
    static func resolve(_ path: String) throws(FileError) -> String {
        var path = path
        if !path.hasPrefix("/") {
            guard let current = unsafe getcwd(nil, 0) else { throw FileError(doing: "find", path) }
            defer { unsafe free(current) }
            path = unsafe String(cString: current) + "/" + path
        }
        for _ in 0..<40 {
            guard let target = linkTarget(path) else { return path }
            path = target.hasPrefix("/") ? target : directory(of: path) + "/" + target
        }
        throw FileError(doing: "follow", path, code: ELOOP)
    }

    private static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}

/// A system call on a file failed.
struct FileError: Error, Equatable, CustomStringConvertible {
    var doing: String
    var path: String
    var code: CInt

    /// - Parameter code: an errno value; by default that of the call that just failed.
    init(doing: String, _ path: String, code: CInt = errno) {
        self.doing = doing
        self.path = path
        self.code = code
    }

    var description: String { "cannot \(doing) \(path): \(Self.text(of: code))" }

    private static func text(of code: CInt) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

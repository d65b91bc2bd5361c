import Glibc

/// What the process asks of the kernel before it starts.
enum ProcessLimits {
    /// Allows as many open files as the administrator does: each connection is one, and the usual 1024 are meant for
    /// programs that use select(2). A refusal leaves the limit as it was.
    static func raiseOpenFiles() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many files may be open at once.
    static var openFiles: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Makes two kinds of writing errors instead of the end: to a pipe that nobody reads any more, since a log reader may
    /// be restarted, and beyond the largest file allowed (RLIMIT_FSIZE), which is then refused like a full disk.
    static func surviveFailedWrites() {
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}

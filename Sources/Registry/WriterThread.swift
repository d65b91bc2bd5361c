import Dispatch

/// Where the registry's writer runs: one thread at a time, outside the pool that all other tasks share, because a commit
/// blocks it until the disk has the data.
final class WriterThread: TaskExecutor {
    private let queue = DispatchQueue(label: "registry writer")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Safe: the closure keeps the executor alive until the job has run, and runs it once.
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

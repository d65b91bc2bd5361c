import CDatagram
import DNS
import Glibc

/// A thread of its own for work that blocks in system calls, which no task may do.
///
/// Sendable: the handle is a number that any thread may join, and joining consumes the only copy that is kept.
struct JoinableThread: Sendable {
    private let handle: pthread_t

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// - Parameters:
    ///   - name: as shown by `top -H`, at most 15 characters.
    ///   - run: keeps alive what it needs until it returns.
    /// - Throws: ``ThreadError``.
    init(name: String, run: @escaping @Sendable () -> Void) throws(ThreadError) {
        let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                // Safe: the argument is the body that was retained for this thread alone.
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                unsafe cdatagram_name_thread(body.name)
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            unsafe body.release()
            throw ThreadError(code: code)
        }
        self.handle = handle
    }

    /// Waits until the thread has ended. To be called once.
    consuming func join() { _ = pthread_join(handle, nil) }
}

/// The system gave no thread.
package struct ThreadError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An errno value.
    package var code: CInt

    package var description: String { "no thread for DNS could be started: \(SystemError.text(code))" }
}

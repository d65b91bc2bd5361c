import APIClient
import UnixSignals

/// One run of `berth lock`: acquire, run the program, let go.
struct LockRun {
    let session: LockSession
    let hold: any Hold
    let child: ChildProcess
    let input: ChildProcess.Input
    /// `nil`: waits for ever.
    let timeout: Duration?
    /// How often the server may fail to answer while the lock is held.
    let retries: Int
    /// Told each step.
    let tell: (String) -> Void

    private enum Event: Sendable {
        case acquired(Result<Bool, any Error>)
        case ended(ChildProcess.Ending)
        case lost
        case signalled
    }

    /// - Returns: how the program ended; `nil` if it had to.
    /// - Throws: ``CommandFailure`` when the lock cannot be had or let go, `APIClientError`.
    func run() async throws -> ChildProcess.Ending? {
        ProcessLimits.surviveFailedWrites()
        let (events, happens) = AsyncStream<Event>.makeStream()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { happens.yield(.signalled) } }
            group.addTask { [session] in
                await session.keepAlive()
                if !Task.isCancelled { happens.yield(.lost) }
            }
            defer { group.cancelAll() }
            var next = events.makeAsyncIterator()
            do {
                try await acquire(&next, happens)
                let ending = await runChild(&next, happens)
                try await letGo()
                await session.destroy()
                return ending
            } catch {
                await session.destroy()
                throw error
            }
        }
    }

    private func acquire(
        _ events: inout AsyncStream<Event>.Iterator, _ happens: AsyncStream<Event>.Continuation
    ) async throws {
        tell("Attempting lock acquisition")
        let deadline = timeout.map { ContinuousClock.now + $0 }
        let first = await withTaskGroup(of: Void.self) { [hold] group in
            group.addTask {
                do {
                    happens.yield(.acquired(.success(try await hold.acquire(until: deadline))))
                } catch {
                    happens.yield(.acquired(.failure(error)))
                }
            }
            let event = await events.next(isolation: #isolation)
            group.cancelAll()
            return event
        }
        switch first {
        case .acquired(.success(true)): return
        case .acquired(.failure(let failure as CommandFailure)):
            throw CommandFailure(message: "Lock acquisition failed: \(failure.message)")
        case .acquired(.failure(let error)): throw CommandFailure(message: "Lock acquisition failed: \(error)")
        case .lost: throw CommandFailure(message: "Lock acquisition failed: the session could not be renewed in time")
        default: throw CommandFailure(message: "Shutdown triggered or timeout during lock acquisition")
        }
    }

    /// - Returns: `nil` if it was told to end.
    private func runChild(
        _ events: inout AsyncStream<Event>.Iterator, _ happens: AsyncStream<Event>.Continuation
    ) async -> ChildProcess.Ending? {
        tell("Starting handler")
        let first = await withTaskGroup(of: Void.self) { [child, input, hold, retries] group in
            group.addTask { happens.yield(.ended(await child.run(input))) }
            group.addTask {
                await hold.untilLost(retries: retries)
                if !Task.isCancelled { happens.yield(.lost) }
            }
            let event = await events.next(isolation: #isolation)
            switch event {
            case .lost: tell("Lock lost, killing child")
            case .signalled: tell("Shutdown triggered, killing child")
            default: break
            }
            // Ends the program, if it runs, and waits for that.
            group.cancelAll()
            return event
        }
        if case .ended(let ending) = first {
            report(ending)
            tell("Child terminated, releasing lock")
            return ending
        }
        while let event = await events.next(isolation: #isolation) {
            guard case .ended(let ending) = event else { continue }
            report(ending)
            break
        }
        tell("Child terminated")
        return nil
    }

    private func report(_ ending: ChildProcess.Ending) {
        switch ending {
        case .exited(code: 0): return
        case .notStarted: StandardStream.error.write("Error starting handler: \(ending.words)\n")
        default: StandardStream.error.write("Error running handler: \(ending.words)\n")
        }
    }

    private func letGo() async throws {
        do {
            try await hold.release()
        } catch {
            throw CommandFailure(message: "Lock release failed: \(error)")
        }
        do {
            tell(try await hold.cleanUp() ? "Cleanup succeeded" : "Cleanup aborted, lock in use")
        } catch {
            throw CommandFailure(message: "Lock cleanup failed: \(error)")
        }
    }
}

import AsyncHTTPClient
import Logging
import Registry
import Synchronization

/// What the catalog says of a check, as last heard.
final class KnownVerdict: Sendable {
    private let verdict: Mutex<Verdict>

    init(_ verdict: Verdict) { self.verdict = Mutex(verdict) }

    var value: Verdict {
        get { verdict.withLock { $0 } }
        set { verdict.withLock { $0 = newValue } }
    }
}

/// One check, run over and over until its task is cancelled.
struct CheckRun: Sendable {
    let key: CheckKey
    let definition: CheckDefinition
    /// Kept up to date from the catalog alone, so that a write that was lost or undone is made again.
    let known: KnownVerdict
    let registry: Registry
    let client: HTTPClient
    let slots: ProbeSlots
    let logger: Logger

    func run() async {
        let clock = ContinuousClock()
        var written = clock.now
        // Spread over the interval, so that checks registered together do not run together ever after.
        var pause = definition.interval * Double.random(in: 0..<1)
        while true {
            do { try await clock.sleep(for: pause) } catch { return }
            pause = definition.interval
            let verdict = await slots.run { await probe() }
            guard !Task.isCancelled else { return }
            let known = known.value
            guard HealthJudge.isNews(verdict, known: known, age: written.duration(to: clock.now)) else { continue }
            await write(verdict, instead: known)
            written = clock.now
        }
    }

    private func probe() async -> Verdict {
        switch definition.probe {
        case .http(let probe): await probe.run(timeout: definition.timeout, client: client)
        case .tcp(let host, let port): await TCPProbe(host: host, port: port).run(timeout: definition.timeout)
        }
    }

    /// A write that fails is made again by the next run; the registry itself says what is wrong with its storage.
    private func write(_ verdict: Verdict, instead known: Verdict) async {
        do {
            try await registry.submit([.setStatus(key, verdict.status, output: verdict.output)])
            guard verdict.status != known.status else { return }
            logger.info(
                "a check changed",
                metadata: ["check": "\(key.id)", "from": "\(known.status)", "to": "\(verdict.status)"])
        } catch {
            logger.debug(
                "a check's result could not be stored", metadata: ["check": "\(key.id)", "error": "\(error)"])
        }
    }
}

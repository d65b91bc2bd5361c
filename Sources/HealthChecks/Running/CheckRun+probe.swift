import Logging
import Registry

extension CheckRun {
    /// Asks over and over, and writes what is new.
    func probe(_ probe: CheckDefinition.Probe, every interval: Duration, timeout: Duration) async {
        let clock = ContinuousClock()
        var written = clock.now
        var results = ResultCount(definition.thresholds, known: known.verdict)
        var damper = FlapDamper(tools.flapDamping, known: known.verdict)
        // Spread over the interval, so that checks registered together do not run together ever after.
        var pace = ProbePace(every: interval, from: clock.now, after: Double.random(in: 0..<1))
        let slots = probe.target == nil ? tools.programs : tools.connections
        while true {
            do { try await clock.sleep(until: pace.due) } catch { return }
            let result = await slots.run { await ask(probe, timeout: timeout) }
            guard !Task.isCancelled else { return }
            pace.advance(at: clock.now)
            let known = known.verdict
            let wasHeld = damper.hold != nil
            let verdict = damper.damping(results.counting(result), at: clock.now)?.cut(to: definition.outputLimit)
            if let hold = damper.hold, !wasHeld { tell(of: hold) }
            guard let verdict,
                HealthJudge.isNews(verdict, known: known, age: written.duration(to: clock.now))
            else { continue }
            await write(verdict, instead: known)
            written = clock.now
        }
    }

    private func tell(of hold: FlapDamper.Hold) {
        tools.logger.notice(
            "a check is held at its worst: its status changes too often",
            metadata: ["check": "\(key.id)", "status": "\(hold.status)"])
    }

    private func ask(_ probe: CheckDefinition.Probe, timeout: Duration) async -> Verdict {
        do {
            let place = try await place(of: probe, timeout: timeout)
            return switch probe {
            case .http(let probe): await probe.run(timeout: timeout, at: place)
            case .tcp(let host, let port): await TCPProbe(host: host, port: port, place: place).run(timeout: timeout)
            case .udp(let host, let port): await UDPProbe(host: host, port: port, place: place).run(timeout: timeout)
            case .grpc(let probe): await probe.run(timeout: timeout, at: place)
            case .script(let arguments):
                await ifScriptsMayRun { await ScriptProbe(arguments: arguments).run(timeout: timeout) }
            case .docker(let container, let arguments):
                await ifScriptsMayRun {
                    await ContainerProbe(
                        container: container, arguments: arguments, engine: tools.engine, client: tools.client
                    ).run(timeout: timeout)
                }
            }
        } catch {
            return HealthJudge.failed(probe.title, reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    /// - Returns: `nil`: wherever its host leads.
    private func place(of probe: CheckDefinition.Probe, timeout: Duration) async throws -> Address? {
        guard let target = probe.target else { return nil }
        return try await tools.permissions.place(of: target.host, port: target.port, timeout: timeout)
    }

    private func ifScriptsMayRun(_ run: () async -> Verdict) async -> Verdict {
        guard tools.permissions.scripts else {
            return Verdict(
                status: .critical,
                output: "Scripts are disabled on this agent; to enable them, start Berth with enable-script-checks on")
        }
        return await run()
    }

    /// A write that fails is made again by the next run; the registry itself says what is wrong with its storage.
    ///
    /// - Returns: false if it failed.
    @discardableResult
    func write(_ verdict: Verdict, instead known: Verdict) async -> Bool {
        do {
            try await tools.registry.submit([.setStatus(key, verdict.status, output: verdict.output)])
            guard verdict.status != known.status else { return true }
            tools.logger.info(
                "a check changed",
                metadata: ["check": "\(key.id)", "from": "\(known.status)", "to": "\(verdict.status)"])
            return true
        } catch {
            tools.logger.debug(
                "a check's result could not be stored", metadata: ["check": "\(key.id)", "error": "\(error)"])
            return false
        }
    }
}

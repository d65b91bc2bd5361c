import Logging
import Registry

extension CheckRun {
    /// Removes the instance once the check has been critical for `time` without a break.
    func remove(_ instance: InstanceKey, criticalFor time: Duration) async {
        let clock = ContinuousClock()
        while true {
            let since = known.criticalSince
            // Not critical now, it cannot have been for that long any earlier.
            let deadline = (since ?? clock.now).advanced(by: time)
            do {
                try await clock.sleep(until: deadline)
                guard let since, known.criticalSince == since else { continue }
                let isSettled = await remove(instance)
                try await clock.sleep(for: isSettled ? time : .seconds(1))
            } catch {
                return
            }
        }
    }

    /// What a container stands behind stays: it would come back.
    ///
    /// - Returns: false if the storage refused.
    private func remove(_ instance: InstanceKey) async -> Bool {
        do {
            let wasThere = tools.registry.snapshot.instance(instance) != nil
            try await tools.registry.submit { [key] catalog in
                guard catalog.check(key)?.value.status == .critical,
                    let entry = catalog.instance(instance), entry.instance.value.source == nil
                else { return [] }
                return [.removeInstance(instance)]
            }
            if wasThere, tools.registry.snapshot.instance(instance) == nil {
                tools.logger.notice(
                    "a service is deregistered: its check was critical for too long",
                    metadata: ["instance": "\(instance.id)", "check": "\(key.id)"])
            }
            return true
        } catch {
            tools.logger.debug(
                "a service whose check was critical for too long could not be deregistered",
                metadata: ["instance": "\(instance.id)", "error": "\(error)"])
            return false
        }
    }
}

import Registry
package import Telemetry

extension DockerWatcher: MetricSource {
    package var metrics: [Metric] {
        [
            .gauge(
                "berth_docker_up", "Whether the registry has all that Docker runs: 1, else 0", view == .current ? 1 : 0),
            .gauge("berth_docker_failed_attempts", "Attempts to reach Docker since it last answered", failedAttempts),
            .gauge("berth_docker_containers", "Containers known", table.withLock { $0.containerCount }),
        ]
    }
}

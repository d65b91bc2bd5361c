import Foundation
import Glibc
import Telemetry

/// Figures of the process as the kernel has them, under the names that Prometheus' own clients use.
struct ProcessFigures: MetricSource {
    private let start = Date.now

    var metrics: [Metric] {
        [
            .labelled(
                .gauge, "berth_build_info", "1, with the version as a label", [([("version", Version.current)], 1)]),
            .gauge(
                "process_resident_memory_bytes", "Memory in use", consul: "consul.runtime.sys_bytes", residentOctets),
            .gauge("process_open_fds", "Open files and connections", openFiles),
            .gauge("process_max_fds", "Open files and connections at most", ProcessLimits.openFiles),
            .labelled(
                .counter, "process_cpu_seconds_total", "Processor time used", [([], processorSeconds)]),
            .labelled(
                .gauge, "process_start_time_seconds", "When the process started, since 1970",
                [([], start.timeIntervalSince1970)]),
        ]
    }

    /// The second figure of `/proc/self/statm` (proc(5)), in pages.
    private var residentOctets: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(CInt(_SC_PAGESIZE)))
    }

    private var openFiles: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }

    private var processorSeconds: Double {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

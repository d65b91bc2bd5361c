/// Metrics in Prometheus' text format, version 0.0.4.
///
///     # HELP berth_registry_index Index of the newest change
///     # TYPE berth_registry_index gauge
///     berth_registry_index 42
///
/// - SeeAlso: <https://prometheus.io/docs/instrumenting/exposition_formats/>
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// - Parameter metrics: each name once.
    package static func encode(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics where !metric.samples.isEmpty {
            text += "# HELP \(metric.name) \(escaped(metric.help))\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in metric.samples { append(sample, of: metric, to: &text) }
        }
        return text
    }

    private static func append(_ sample: Metric.Sample, of metric: Metric, to text: inout String) {
        switch sample.value {
        case .number(let value): text += line(metric.name, sample.labels, value)
        case .durations(let durations):
            var count: UInt64 = 0
            for (bound, step) in zip(Durations.bounds, durations.steps) {
                count += step
                text += line("\(metric.name)_bucket", sample.labels + [("le", "\(bound)")], Double(count))
            }
            text += line("\(metric.name)_bucket", sample.labels + [("le", "+Inf")], Double(durations.count))
            text += line("\(metric.name)_sum", sample.labels, durations.sum)
            text += line("\(metric.name)_count", sample.labels, Double(durations.count))
        }
    }

    private static func line(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) -> String {
        let pairs = labels.map { "\($0.name)=\"\(escaped($0.value).replacing("\"", with: "\\\""))\"" }
        return "\(name)\(pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") \(number(value))\n"
    }

    /// Whole numbers without a point, as far as a Double has them all.
    private static func number(_ value: Double) -> String {
        value.magnitude < 0x1p53 && value == value.rounded() ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }
}

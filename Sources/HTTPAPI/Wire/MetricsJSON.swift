import Foundation
import Telemetry

/// The body of `/v1/agent/metrics`: what Consul has an own name for under that name, all else under Prometheus'.
///
/// Consul begins to count anew every ten seconds. Here everything is counted from the start of the process.
struct MetricsJSON: Encodable {
    struct Gauge: Encodable {
        var name: String
        var value: Double
        var labels: [String: String]

        private enum CodingKeys: String, CodingKey { case name = "Name", value = "Value", labels = "Labels" }
    }

    /// A counter, or times in milliseconds.
    struct Aggregate: Encodable {
        var name: String
        var count: UInt64
        /// Of the sum, per second.
        var rate: Double
        var sum: Double
        var min: Double
        var max: Double
        var mean: Double
        var stddev: Double
        var labels: [String: String]

        private enum CodingKeys: String, CodingKey {
            case name = "Name", count = "Count", rate = "Rate", sum = "Sum", min = "Min", max = "Max", mean = "Mean"
            case stddev = "Stddev", labels = "Labels"
        }
    }

    var timestamp: String
    var gauges: [Gauge] = []
    /// Nothing of Berth's is one.
    var points: [Gauge] = []
    var counters: [Aggregate] = []
    var samples: [Aggregate] = []

    private enum CodingKeys: String, CodingKey {
        case timestamp = "Timestamp", gauges = "Gauges", points = "Points", counters = "Counters", samples = "Samples"
    }

    /// - Parameter uptime: since when is counted.
    init(_ metrics: [Metric], at time: Date, uptime: Duration) {
        timestamp = Self.text(time)
        let seconds = Swift.max(1, Double(uptime.components.seconds))
        for metric in metrics {
            let name = metric.consulName ?? metric.name
            for sample in metric.samples {
                let labels = Dictionary(sample.labels.map { ($0.name, $0.value) }) { $1 }
                switch (metric.kind, sample.value) {
                case (.gauge, .number(let value)): gauges.append(Gauge(name: name, value: value, labels: labels))
                case (_, .number(let value)):
                    counters.append(Aggregate(name: name, counted: value, seconds: seconds, labels: labels))
                case (_, .durations(let values)):
                    samples.append(Aggregate(name: name, values, seconds: seconds, labels: labels))
                }
            }
        }
        gauges.sort { $0.name < $1.name }
        counters.sort { $0.name < $1.name }
        samples.sort { $0.name < $1.name }
    }

    /// As Go prints a time, and Consul with it.
    private static func text(_ time: Date) -> String {
        let style = Date.VerbatimFormatStyle(
            format: """
                \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) +0000 UTC
                """, timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        return time.formatted(style)
    }
}

extension MetricsJSON.Aggregate {
    /// Something that was counted one by one.
    fileprivate init(name: String, counted count: Double, seconds: Double, labels: [String: String]) {
        let one = count > 0 ? 1.0 : 0
        self.init(
            name: name, count: UInt64(count), rate: count / seconds, sum: count, min: one, max: one, mean: one,
            stddev: 0, labels: labels)
    }

    fileprivate init(name: String, _ values: Durations.Values, seconds: Double, labels: [String: String]) {
        let count = Double(Swift.max(1, values.count))
        let mean = values.sum / count
        let variance = Swift.max(0, values.sumOfSquares / count - mean * mean)
        self.init(
            name: name, count: values.count, rate: 1000 * values.sum / seconds, sum: 1000 * values.sum,
            min: 1000 * values.least, max: 1000 * values.greatest, mean: 1000 * mean,
            stddev: 1000 * variance.squareRoot(), labels: labels)
    }
}

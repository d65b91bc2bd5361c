/// One figure of the running program, with all its values at one moment.
///
/// Nothing is pushed and nothing is kept for it here: whoever has a figure is asked for it when somebody wants to know.
package struct Metric: Sendable {
    package enum Kind: String, Sendable {
        /// Grows only, from 0 at the start of the process.
        case counter
        /// Goes up and down.
        case gauge
        /// How long something took, each time.
        case histogram
    }

    package enum Value: Sendable {
        case number(Double)
        case durations(Durations.Values)
    }

    /// A value under its labels, whose values come from small sets, never from a query.
    package struct Sample: Sendable {
        package var labels: [(name: String, value: String)]
        package var value: Value

        init(_ labels: [(name: String, value: String)], _ value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    /// As Prometheus wants names: unit and `_total` at the end.
    package let name: String
    /// What it is: a phrase without a final dot.
    package let help: String
    package let kind: Kind
    /// The name that Consul has for the same figure; `nil`: Consul has none.
    package let consulName: String?
    package let samples: [Sample]

    private init(_ name: String, _ help: String, _ kind: Kind, _ consulName: String?, _ samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.consulName = consulName
        self.samples = samples
    }

    /// What has been counted, without labels.
    package static func counter(
        _ name: String, _ help: String, consul: String? = nil, _ value: some BinaryInteger
    ) -> Metric {
        Metric(name, help, .counter, consul, [Sample([], .number(Double(value)))])
    }

    /// What there is now, without labels.
    package static func gauge(
        _ name: String, _ help: String, consul: String? = nil, _ value: some BinaryInteger
    ) -> Metric {
        Metric(name, help, .gauge, consul, [Sample([], .number(Double(value)))])
    }

    /// A number for each set of labels.
    package static func labelled(
        _ kind: Kind, _ name: String, _ help: String, consul: String? = nil,
        _ values: [(labels: [(name: String, value: String)], value: Double)]
    ) -> Metric {
        Metric(name, help, kind, consul, values.map { Sample($0.labels, .number($0.value)) })
    }

    /// A number for each value of one label.
    package static func labelled(
        _ kind: Kind, _ name: String, _ help: String, consul: String? = nil, by label: String,
        _ values: KeyValuePairs<String, UInt64>
    ) -> Metric {
        labelled(kind, name, help, consul: consul, values.map { ([(label, $0.key)], Double($0.value)) })
    }

    /// How long something took, in seconds.
    package static func histogram(
        _ name: String, _ help: String, consul: String? = nil, _ durations: Durations.Values
    ) -> Metric {
        Metric(name, help, .histogram, consul, [Sample([], .durations(durations))])
    }
}

/// A part of the program that knows figures of itself.
package protocol MetricSource: Sendable {
    /// The figures now. Asked for at most a few times a second, from any thread; takes no more time than counting takes.
    var metrics: [Metric] { get }
}

import Telemetry
import Testing

@Suite struct `Metrics as Prometheus reads them` {
    @Test func `each has its help, its type and its values`() {
        let text = PrometheusText.encode([
            .gauge("a_things", "Things", 3),
            .labelled(.counter, "b_total", "Seen so far", by: "kind", ["one": 1, "two": 2]),
            .labelled(.gauge, "c_seconds", "A part of a second", [([], 0.25)]),
        ])
        #expect(
            text == """
                # HELP a_things Things
                # TYPE a_things gauge
                a_things 3
                # HELP b_total Seen so far
                # TYPE b_total counter
                b_total{kind="one"} 1
                b_total{kind="two"} 2
                # HELP c_seconds A part of a second
                # TYPE c_seconds gauge
                c_seconds 0.25

                """)
    }

    @Test func `what could end a label or a line is escaped`() {
        let text = PrometheusText.encode([
            .labelled(.gauge, "a", "one\\two\nthree", [([("l", "\"\\\n")], 1)])
        ])
        #expect(text == "# HELP a one\\\\two\\nthree\n# TYPE a gauge\na{l=\"\\\"\\\\\\n\"} 1\n")
    }

    @Test func `a metric without values is left out`() {
        #expect(PrometheusText.encode([.labelled(.counter, "a_total", "Nothing yet", [])]) == "")
    }

    @Test func `a histogram counts up to each bound`() {
        let durations = Durations()
        for duration in [Duration.microseconds(50), .milliseconds(1), .milliseconds(2), .seconds(9)] {
            durations.add(duration)
        }
        let lines = PrometheusText.encode([.histogram("a_seconds", "Time taken", durations.values)]).split(
            separator: "\n")
        #expect(lines.contains("a_seconds_bucket{le=\"0.0001\"} 1"))
        #expect(lines.contains("a_seconds_bucket{le=\"0.001\"} 2"))
        #expect(lines.contains("a_seconds_bucket{le=\"0.0025\"} 3"))
        #expect(lines.contains("a_seconds_bucket{le=\"2.5\"} 3"))
        #expect(lines.contains("a_seconds_bucket{le=\"+Inf\"} 4"))
        #expect(lines.contains("a_seconds_count 4"))
        #expect(lines.contains { $0.hasPrefix("a_seconds_sum 9.003") })
    }
}

@Suite struct `Times taken` {
    @Test func `the least, the greatest and the sum are kept`() {
        let durations = Durations()
        #expect(durations.values.count == 0)
        for seconds in [3, 1, 2] { durations.add(.seconds(seconds)) }
        let values = durations.values
        #expect((values.count, values.least, values.greatest, values.sum) == (3, 1, 3, 6))
        #expect(values.sumOfSquares == 14)
    }

    @Test func `what fails is not counted`() async {
        struct Failure: Error {}
        let durations = Durations()
        await #expect(throws: Failure.self) { try await durations.time { throw Failure() } }
        #expect(durations.values.count == 0)
        #expect(await durations.time { 5 } == 5)
        #expect(durations.values.count == 1)
    }
}

import FoundationEssentials
import Logging

/// One message, before it is text.
struct LogLine {
    var time: Date
    var level: Logger.Level
    /// The part of the program that speaks: the logger's label.
    var part: String
    var message: String
    var metadata: Logger.Metadata

    /// RFC 3339, in UTC, to the millisecond.
    var timestamp: String { time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    /// The metadata in the order of its keys.
    var sortedMetadata: [(key: String, value: Logger.MetadataValue)] {
        metadata.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
    }
}

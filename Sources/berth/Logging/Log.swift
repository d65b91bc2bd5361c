import Logging
import Settings

/// Where all parts log to: standard error, in one format, above one threshold.
struct Log {
    let format: LogFormat
    let threshold: LogThreshold
    let readers: LogReaders

    init(_ settings: Settings.Log) {
        format = settings.format
        threshold = LogThreshold(settings.level)
        readers = LogReaders(threshold: threshold)
    }

    /// The logger of one part of the program.
    func logger(_ part: String) -> Logger {
        Logger(label: part) {
            LineLogHandler(part: $0, format: format, threshold: threshold, readers: readers)
        }
    }
}

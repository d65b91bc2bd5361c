import Logging
import Settings

/// Where all parts log to: standard error, in one format, above one threshold.
struct Log {
    let format: LogFormat
    let threshold: LogThreshold

    init(_ settings: Settings.Log) {
        format = settings.format
        threshold = LogThreshold(settings.level)
    }

    /// The logger of one part of the program.
    func logger(_ part: String) -> Logger {
        Logger(label: part) { LineLogHandler(part: $0, format: format, threshold: threshold) }
    }
}

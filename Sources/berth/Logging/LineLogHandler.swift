import FoundationEssentials
import Logging
import Settings

/// Writes each message as one line to standard error, and to whoever follows the log.
struct LineLogHandler: LogHandler {
    let part: String
    let format: LogFormat
    let colour: Bool
    let threshold: LogThreshold
    let readers: LogReaders
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private var ownLevel: Logger.Level?

    init(part: String, format: LogFormat, threshold: LogThreshold, readers: LogReaders) {
        self.part = part
        self.format = format
        self.threshold = threshold
        self.readers = readers
        colour = StandardStream.error.takesColour
    }

    /// The common threshold, until one is set for this logger alone.
    var logLevel: Logger.Level {
        get { ownLevel ?? threshold.lowest }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = metadataProvider?.get() { metadata.merge(provided) { _, new in new } }
        if let given = event.metadata { metadata.merge(given) { _, new in new } }
        if let error = event.error { metadata["error"] = "\(error)" }
        let line = LogLine(
            time: .now, level: event.level, part: part, message: event.message.description, metadata: metadata)
        readers.take(line)
        guard event.level >= threshold.level else { return }
        StandardStream.error.write(format == .json ? line.json : line.text(colour: colour))
    }
}

import Logging
import Synchronization

/// Remembers what is logged, at every level.
final class LogRecorder: Sendable {
    struct Record: Sendable {
        var level: Logger.Level
        var message: String
        /// As text.
        var metadata: [String: String]
    }

    private let recorded = Mutex<[Record]>([])

    var records: [Record] { recorded.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.recorded.withLock {
                $0.append(
                    Record(
                        level: event.level, message: "\(event.message)",
                        metadata: (event.metadata ?? [:]).mapValues(\.description)))
            }
        }
    }
}

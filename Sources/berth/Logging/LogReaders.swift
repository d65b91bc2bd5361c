import HTTPAPI
import Logging
import Synchronization

/// Whoever follows the log besides standard error, each from a level of its own.
final class LogReaders: LogSource {
    /// Readers at a time.
    private static let limit = 16

    private let readers = Mutex<[LogReader]>([])
    private let threshold: LogThreshold

    /// - Parameter threshold: lets through what a reader wants to hear.
    init(threshold: LogThreshold) { self.threshold = threshold }

    var isCrowded: Bool { readers.withLock { $0.count >= Self.limit } }

    func attach(_ reader: LogReader) { change { $0.append(reader) } }

    func detach(_ reader: LogReader) { change { $0.removeAll { $0 === reader } } }

    /// Gives a line to those who want it.
    func take(_ line: LogLine) {
        let wanting = readers.withLock { readers in readers.filter { $0.level <= line.level } }
        for reader in wanting { reader.take(reader.isJSON ? line.json : line.text(colour: false)) }
    }

    private func change(_ change: (inout [LogReader]) -> Void) {
        readers.withLock { readers in
            change(&readers)
            threshold.listen(from: readers.map(\.level).min())
        }
    }
}

package import Logging

/// Where the program's log can be followed.
package protocol LogSource: Sendable {
    /// Whether so many follow it that no more should: each costs whoever logs a line some time.
    var isCrowded: Bool { get }
    /// Gives every message of the reader's level and above to it from now on, until ``detach(_:)``.
    func attach(_ reader: LogReader)
    func detach(_ reader: LogReader)
}

/// Somebody who follows the log, and may be slow at it.
package final class LogReader: Sendable {
    /// The least severe messages that are wanted.
    package let level: Logger.Level
    /// An object a line, rather than text.
    package let isJSON: Bool
    let queue = LineQueue()

    package init(level: Logger.Level, isJSON: Bool) {
        self.level = level
        self.isJSON = isJSON
    }

    /// Takes a line, with its end. Never waits: what there is no room for is lost, and counted.
    package func take(_ line: String) { queue.add(line) }
}

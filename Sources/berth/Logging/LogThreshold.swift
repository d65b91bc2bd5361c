import Logging
import Settings
import Synchronization

/// The level below which nothing is logged, for all loggers at once: it can be changed while they are in use. Besides
/// standard error there may be others who listen, from a lower level.
final class LogThreshold: Sendable {
    private let current: Atomic<Int>
    private let heard = Atomic<Int>(.max)

    init(_ level: LogLevel) { current = Atomic(Logger.Level(level).severity) }

    var level: Logger.Level { Logger.Level.allCases[current.load(ordering: .relaxed)] }

    /// The least severe level that anybody listens to.
    var lowest: Logger.Level {
        Logger.Level.allCases[min(current.load(ordering: .relaxed), heard.load(ordering: .relaxed))]
    }

    /// - Parameter level: the least severe one that others than standard error want; `nil`: there are none.
    func listen(from level: Logger.Level?) { heard.store(level?.severity ?? .max, ordering: .relaxed) }

    func set(_ level: LogLevel) { current.store(Logger.Level(level).severity, ordering: .relaxed) }
}

extension Logger.Level {
    /// The place among all levels, the least severe first.
    fileprivate var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    fileprivate init(_ level: LogLevel) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .notice: .notice
            case .warning: .warning
            case .error: .error
            }
    }
}

/// The commands whose file has changed and that have not succeeded since, in the order in which they run.
struct OwedCommands {
    private struct Entry {
        let command: String
        var clock = RetryClock()
    }

    private var entries: [Entry] = []

    /// When the first of those that failed is to run again.
    var nextAttempt: ContinuousClock.Instant? { entries.compactMap(\.clock.next).min() }

    /// Notes that a command must run: at once, whatever came of it before, or as it is planned if it is owed already.
    mutating func owe(_ command: String, atOnce: Bool) {
        guard let index = entries.firstIndex(where: { $0.command == command }) else {
            entries.append(Entry(command: command))
            return
        }
        if atOnce { entries[index].clock = RetryClock() }
    }

    /// Those that are to run now.
    func due(at now: ContinuousClock.Instant) -> [String] {
        entries.filter { !$0.clock.isAhead(of: now) }.map(\.command)
    }

    mutating func succeed(_ command: String) { entries.removeAll { $0.command == command } }

    mutating func fail(_ command: String, at now: ContinuousClock.Instant) {
        guard let index = entries.firstIndex(where: { $0.command == command }) else { return }
        entries[index].clock.fail(at: now)
    }

    /// Drops the commands that no template names any more.
    mutating func keep(_ commands: Set<String>) { entries.removeAll { !commands.contains($0.command) } }
}

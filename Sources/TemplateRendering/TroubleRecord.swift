/// What trouble there is, so that new trouble is told at once and lasting trouble ever more rarely, but never never again.
struct TroubleRecord {
    enum Subject: Hashable, Sendable {
        case file(String)
        case command(String)
    }

    private struct Trouble: Equatable {
        var reason: String
        /// Without its digits: programs put the time and their process into every line.
        var output: String
    }

    private var lasting: [Subject: (trouble: Trouble, count: Int)] = [:]

    /// Notes that something went wrong.
    ///
    /// - Parameters:
    ///   - reason: what would be said about it, but for the output.
    ///   - output: what a program wrote about it.
    /// - Returns: how often it went wrong in just this way, and whether it is time to say so: the first time, the second,
    ///   the fourth, and so on.
    mutating func note(
        _ reason: String, output: String = "", about subject: Subject
    ) -> (count: Int, isWorthSaying: Bool) {
        let trouble = Trouble(reason: reason, output: output.filter { !$0.isWholeNumber })
        let known = lasting[subject].flatMap { $0.trouble == trouble ? $0.count : nil } ?? 0
        let count = known + 1
        lasting[subject] = (trouble, count)
        return (count, count.nonzeroBitCount == 1)
    }

    /// Notes that all is well.
    mutating func end(_ subject: Subject) { lasting[subject] = nil }

    mutating func keep(where isKept: (Subject) -> Bool) { lasting = lasting.filter { isKept($0.key) } }
}

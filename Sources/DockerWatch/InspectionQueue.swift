/// Which containers must be looked at: each waits at most once however often it is named, and none is looked at twice at
/// the same time, so that an old answer never overtakes a new one.
struct InspectionQueue {
    /// More names than this are not remembered one by one: then all containers are looked at.
    static let limit = 10_000

    private var waiting: [String] = []
    private var isWaiting: Set<String> = []
    private var beingInspected: Set<String> = []
    /// The containers must be listed.
    private(set) var needsSurvey = false

    mutating func mark(_ id: String) {
        guard !isWaiting.contains(id) else { return }
        guard waiting.count < Self.limit else {
            needsSurvey = true
            return
        }
        isWaiting.insert(id)
        waiting.append(id)
    }

    mutating func markAll() { needsSurvey = true }

    /// Takes the order to list the containers, if there is one.
    mutating func takeSurvey() -> Bool {
        defer { needsSurvey = false }
        return needsSurvey
    }

    /// Takes the containers to look at now, oldest first, so that at most `limit` are being looked at.
    mutating func take(limit: Int) -> [String] {
        var taken: [String] = []
        var rest: [String] = []
        for id in waiting {
            if beingInspected.count < limit, !beingInspected.contains(id) {
                beingInspected.insert(id)
                isWaiting.remove(id)
                taken.append(id)
            } else {
                rest.append(id)
            }
        }
        waiting = rest
        return taken
    }

    /// What came of looking at a container has been dealt with.
    mutating func finish(_ id: String) { beingInspected.remove(id) }
}

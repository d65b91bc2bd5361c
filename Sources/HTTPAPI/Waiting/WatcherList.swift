import Registry

/// Who waits on what.
struct WatcherList {
    /// Each watcher with the subjects under which it is listed.
    private var subjects: [ObjectIdentifier: [Subject]] = [:]
    private var watchers: [Subject: [ObjectIdentifier: Watcher]] = [:]

    var count: Int { subjects.count }

    mutating func add(_ watcher: Watcher, on subjects: [Subject]) {
        self.subjects[ObjectIdentifier(watcher)] = subjects
        for subject in subjects { watchers[subject, default: [:]][ObjectIdentifier(watcher)] = watcher }
    }

    /// - Returns: whether it was there.
    mutating func remove(_ watcher: Watcher) -> Bool {
        guard let subjects = subjects.removeValue(forKey: ObjectIdentifier(watcher)) else { return false }
        for subject in subjects {
            watchers[subject]?[ObjectIdentifier(watcher)] = nil
            if watchers[subject]?.isEmpty == true { watchers[subject] = nil }
        }
        return true
    }

    /// Takes off the list whoever waits on one of `subjects` and has not seen what `snapshot` says of them.
    mutating func take(on subjects: [Subject], in snapshot: CatalogSnapshot) -> [Watcher] {
        var taken: [Watcher] = []
        for subject in subjects {
            // Others wait for an index that is yet to come.
            let news = watchers[subject]?.values.filter { snapshot.index(of: $0.subjects) > $0.index } ?? []
            for watcher in news where remove(watcher) { taken.append(watcher) }
        }
        return taken
    }
}

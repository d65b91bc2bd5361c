import HeapModule
import NIOCore
import Registry

/// Who waits on what, and until when.
struct WatcherList {
    /// Each watcher with the subjects under which it is listed.
    private var subjects: [ObjectIdentifier: [Subject]] = [:]
    private var watchers: [Subject: [ObjectIdentifier: Watcher]] = [:]
    /// Of those too who are not listed any more, until they outnumber the others: looking for one would cost a pass.
    private var deadlines = Heap<Deadline>()
    /// How many octets the prefixes have that somebody waits on, and how many of them have so many.
    private var prefixLengths: [Int: Int] = [:]

    var count: Int { subjects.count }
    var deadlineCount: Int { deadlines.count }

    mutating func add(_ watcher: Watcher, on subjects: [Subject]) {
        self.subjects[ObjectIdentifier(watcher)] = subjects
        for subject in subjects {
            if watchers[subject] == nil, let length = subject.prefixLength { prefixLengths[length, default: 0] += 1 }
            watchers[subject, default: [:]][ObjectIdentifier(watcher)] = watcher
        }
        if deadlines.count > 2 * count + 100 { deadlines = Heap(deadlines.unordered.filter { isListed($0.watcher) }) }
        deadlines.insert(Deadline(watcher: watcher))
    }

    /// - Returns: whether it was there.
    mutating func remove(_ watcher: Watcher) -> Bool {
        guard let subjects = subjects.removeValue(forKey: ObjectIdentifier(watcher)) else { return false }
        for subject in subjects {
            watchers[subject]?[ObjectIdentifier(watcher)] = nil
            guard watchers[subject]?.isEmpty == true else { continue }
            watchers[subject] = nil
            guard let length = subject.prefixLength, let count = prefixLengths[length] else { continue }
            prefixLengths[length] = count > 1 ? count - 1 : nil
        }
        return true
    }

    /// What readers of a key, and of the keys it stands among, wait on, where there are any.
    func subjects(concerning key: Key) -> [Subject] {
        let prefixes = prefixLengths.keys.filter { $0 <= key.octets.count }.map { Subject.keys(under: key.prefix($0)) }
        return ([.key(key)] + prefixes).filter { watchers[$0] != nil }
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

    /// Takes off the list whoever has waited long enough.
    mutating func take(dueAt now: NIODeadline) -> [Watcher] {
        var taken: [Watcher] = []
        while let first = deadlines.min, first.watcher.deadline <= now {
            deadlines.removeMin()
            if remove(first.watcher) { taken.append(first.watcher) }
        }
        return taken
    }

    /// When somebody must be woken next; `nil`: nobody waits.
    mutating func nextDeadline() -> NIODeadline? {
        while let first = deadlines.min, !isListed(first.watcher) { deadlines.removeMin() }
        return deadlines.min?.watcher.deadline
    }

    private func isListed(_ watcher: Watcher) -> Bool { subjects[ObjectIdentifier(watcher)] != nil }
}

extension Subject {
    fileprivate var prefixLength: Int? {
        guard case .keys(let prefix) = self else { return nil }
        return prefix.octets.count
    }
}

/// A watcher by its deadline.
private struct Deadline: Comparable {
    let watcher: Watcher

    static func == (left: Deadline, right: Deadline) -> Bool { left.watcher.deadline == right.watcher.deadline }
    static func < (left: Deadline, right: Deadline) -> Bool { left.watcher.deadline < right.watcher.deadline }
}

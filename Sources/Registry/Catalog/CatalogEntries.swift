import HashTreeCollections

/// A catalog object with the indexes of its creation and of its last change.
package struct Indexed<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var createIndex: UInt64
    package var modifyIndex: UInt64

    package init(value: Value, createIndex: UInt64, modifyIndex: UInt64) {
        self.value = value
        self.createIndex = createIndex
        self.modifyIndex = modifyIndex
    }
}

/// One instance with its checks. A class, so that its service and its node share one copy, and so that copying a large
/// service's list of instances copies references only.
package final class InstanceEntry: Sendable {
    package let instance: Indexed<ServiceInstance>
    /// In the order of their ids.
    package let checks: [Indexed<HealthCheck>]

    package init(instance: Indexed<ServiceInstance>, checks: [Indexed<HealthCheck>]) {
        self.instance = instance
        self.checks = checks
    }

    /// Whether it comes and goes with something else.
    var isDerived: Bool { instance.value.source != nil }
}

extension InstanceEntry: Hashable {
    package static func == (left: InstanceEntry, right: InstanceEntry) -> Bool {
        left === right || (left.instance == right.instance && left.checks == right.checks)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(instance)
        hasher.combine(checks)
    }
}

/// One service: all its instances.
package struct ServiceEntry: Sendable {
    /// As the oldest instance spelled it.
    package let name: ServiceName
    /// In the order of node name, then id; never empty.
    package private(set) var instances: [InstanceEntry] = []
    /// The index of the last change a reader of this service can see: instance, check or node.
    package internal(set) var index: UInt64 = 0

    init(name: ServiceName) { self.name = name }

    /// The tags of all instances, each once, sorted.
    package var tags: [String] {
        // Instances of one service mostly share one list of tags.
        guard let first = instances.first?.instance.value.tags else { return [] }
        if instances.allSatisfy({ $0.instance.value.tags == first }) { return Set(first).sorted() }
        return Set(instances.lazy.flatMap(\.instance.value.tags)).sorted()
    }

    /// Adds an instance, or replaces the one with the same key.
    mutating func put(_ entry: InstanceEntry, at index: UInt64) {
        self.index = index
        let position = position(of: entry.instance.value.key)
        if position < instances.endIndex, instances[position].instance.value.key == entry.instance.value.key {
            instances[position] = entry
        } else {
            instances.insert(entry, at: position)
        }
    }

    mutating func remove(_ key: InstanceKey, at index: UInt64) {
        self.index = index
        let position = position(of: key)
        guard position < instances.endIndex, instances[position].instance.value.key == key else { return }
        instances.remove(at: position)
    }

    /// Where the instance is or belongs, by halving.
    private func position(of key: InstanceKey) -> Int {
        var range = instances.startIndex..<instances.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let candidate = instances[middle].instance.value
            let isBefore = candidate.node == key.node ? candidate.id < key.id : candidate.node < key.node
            range = isBefore ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

/// One node: itself, its own checks, and its instances.
package struct NodeEntry: Sendable {
    package internal(set) var node: Indexed<Node>
    /// Checks of the node itself, in the order of their ids.
    package internal(set) var checks: [Indexed<HealthCheck>] = []
    private(set) var instances: TreeDictionary<InstanceID, InstanceEntry> = [:]
    /// How many of them are derived from something.
    private(set) var derivedCount = 0
    /// Which instance each check on this node belongs to; the node's own checks are not in here.
    var checkedInstances: TreeDictionary<CheckID, InstanceID> = [:]

    init(node: Indexed<Node>) { self.node = node }

    package var instanceCount: Int { instances.count }

    /// Adds an instance, unless there is one with its id. One look-up for both: that is what takes the time on a large node.
    ///
    /// - Returns: the one that is there, and stays.
    mutating func add(_ entry: InstanceEntry) -> InstanceEntry? {
        let there = instances.updateValue(forKey: entry.instance.value.id, default: entry) { $0 }
        guard there === entry else { return there }
        if entry.isDerived { derivedCount += 1 }
        return nil
    }

    /// Adds an instance, or replaces the one with its id.
    mutating func put(_ entry: InstanceEntry) {
        let old = instances.updateValue(entry, forKey: entry.instance.value.id)
        derivedCount += (entry.isDerived ? 1 : 0) - (old?.isDerived == true ? 1 : 0)
    }

    mutating func remove(_ id: InstanceID) -> InstanceEntry? {
        let old = instances.removeValue(forKey: id)
        if old?.isDerived == true { derivedCount -= 1 }
        return old
    }
}

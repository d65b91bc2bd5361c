/// All keys at one index: immutable, and copied for the price of a reference.
package struct KeyTable: Sendable {
    var tree = KeyTree()
    /// The index at which a key was last removed.
    private(set) var removalIndex: UInt64 = 0
    /// Nothing has a lower index: which prefix a removal concerned is known only to the process that made it.
    private var floor: UInt64 = 0

    package var count: Int { tree.root.count }
    /// The index of the newest change to any key.
    package var index: UInt64 { max(tree.root.index, floor) }
    /// What the keys weigh in a journal, in records of ordinary size.
    var weight: Int { count + tree.root.octetCount / KeyChange.ordinarySize }

    package func entry(_ key: Key) -> KeyEntry? {
        guard let entry = tree.find(key.octets).node?.entry, entry.key == key else { return nil }
        return entry
    }

    /// In the order of their keys' octets.
    package func entries(under prefix: KeyPrefix) -> [KeyEntry] {
        tree.find(prefix.octets).node.map { Array($0.entries) } ?? []
    }

    /// The index that readers of one key wait on: its own or, where it is not there, one that its removal has passed.
    package func index(of key: Key) -> UInt64 {
        let found = tree.find(key.octets)
        if let entry = found.node?.entry, entry.key == key { return entry.modifyIndex }
        return max(found.index, floor)
    }

    /// The index that readers of all keys with a prefix wait on.
    package func index(under prefix: KeyPrefix) -> UInt64 { max(tree.find(prefix.octets).index, floor) }

    /// The keys with a prefix, each only as far as the first `separator` behind it, and each once, in order.
    ///
    /// Costs time for what is returned, not for what lies behind separators.
    ///
    /// - Parameter separator: empty: whole keys.
    package func names(under prefix: KeyPrefix, upTo separator: String = "") -> [String] {
        let found = tree.find(prefix.octets)
        guard let start = found.node else { return [] }
        let separator = Array(separator.utf8)
        guard !separator.isEmpty else { return start.entries.map(\.key.text) }
        var names: [String] = []
        var waiting: [(node: KeyNode, path: ArraySlice<UInt8>)] = [(start, prefix.octets + found.tail)]
        while let (node, path) = waiting.popLast() {
            if let found = path.dropFirst(prefix.octets.count).firstRange(of: separator) {
                names.append(String(decoding: path[..<found.upperBound], as: UTF8.self))
                continue
            }
            if let entry = node.entry { names.append(entry.key.text) }
            waiting += node.children.reversed().map { ($0, path + $0.label) }
        }
        return names
    }

    // MARK: Changing

    mutating func put(_ entry: KeyEntry) { tree.put(entry) }

    mutating func remove(_ key: Key, at index: UInt64) {
        removalIndex = index
        tree.remove(key, at: index)
    }

    mutating func removeAll(under prefix: KeyPrefix, at index: UInt64) {
        removalIndex = index
        tree.removeAll(under: prefix, at: index)
    }

    /// Begins again with what a journal holds, before any entry is put back.
    mutating func restore(removalIndex: UInt64) {
        self.removalIndex = removalIndex
        floor = removalIndex
    }
}

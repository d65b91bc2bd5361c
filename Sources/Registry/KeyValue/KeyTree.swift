/// Entries in the order of their keys' octets: a radix tree, of which a copy is one reference.
///
///     put app/web, app/api at 7, ops at 9:      ""  9
///                                              ├── "app/"  7
///                                              │   ├── "api"  7  ●
///                                              │   └── "web"  6  ●
///                                              └── "ops"  9  ●
///
/// A change makes new nodes on the way to the root and marks them with its index, a removal too: so each prefix has an
/// index that grows whenever something below it changes, without a trace of what was removed. What has no node answers with
/// the index of the last node on the way, which every removal below it has marked.
struct KeyTree: Sendable {
    private(set) var root = KeyNode(label: [], entry: nil, children: [], index: 0)

    /// A node on the way down, and which of its children comes next.
    private typealias Step = (node: KeyNode, position: Int)

    /// Adds an entry, or replaces the one with its key, under its ``KeyEntry/modifyIndex``.
    mutating func put(_ entry: KeyEntry) {
        let index = entry.modifyIndex
        var (path, node, rest): ([Step], KeyNode, ArraySlice<UInt8>) = ([], root, entry.key.octets[...])
        while let (position, common) = node.child(towards: rest) {
            let child = node.children[position]
            path.append((node, position))
            rest = rest.dropFirst(common)
            guard common < child.label.count else {
                node = child
                continue
            }
            node = KeyNode(
                label: Array(child.label[..<common]), entry: nil,
                children: [child.labelled(child.label[common...])], index: max(child.index, index))
        }
        var children = node.children
        guard let first = rest.first else {
            return replace(path, by: node.replacing(entry, children, at: index), at: index)
        }
        let leaf = KeyNode(label: Array(rest), entry: entry, children: [], index: index)
        children.insert(leaf, at: node.position(of: first))
        replace(path, by: node.replacing(node.entry, children, at: index), at: index)
    }

    mutating func remove(_ key: Key, at index: UInt64) {
        guard let (path, node) = way(to: key.octets[...]), node.entry?.key == key else { return }
        replace(path, by: node.replacing(nil, node.children, at: index).compacted(), at: index)
    }

    /// Removes all entries whose keys begin with `prefix`.
    mutating func removeAll(under prefix: KeyPrefix, at index: UInt64) {
        guard let (path, _) = way(to: prefix.octets[...]) else { return }
        guard !path.isEmpty else {
            root = KeyNode(label: [], entry: nil, children: [], index: index)
            return
        }
        replace(path, by: nil, at: index)
    }

    /// The node at or nearest below the keys that begin with `octets`, and the nodes above it; `nil`: there are none.
    private func way(to octets: ArraySlice<UInt8>) -> (path: [Step], node: KeyNode)? {
        var (path, node, rest): ([Step], KeyNode, ArraySlice<UInt8>) = ([], root, octets)
        while !rest.isEmpty {
            guard let (position, common) = node.child(towards: rest) else { return nil }
            path.append((node, position))
            node = node.children[position]
            guard common == node.label.count || common == rest.count else { return nil }
            rest = rest.dropFirst(common)
        }
        return (path, node)
    }

    /// Puts a node, or nothing, in the place at the end of `path`, and marks the nodes on it.
    private mutating func replace(_ path: [Step], by replacement: KeyNode?, at index: UInt64) {
        var child = replacement
        for (node, position) in path.reversed() {
            var children = node.children
            if let child { children[position] = child } else { children.remove(at: position) }
            let marked = node.replacing(node.entry, children, at: index)
            child = node === root ? marked : marked.compacted()
        }
        if let child { root = child }
    }
}

// MARK: Reading

extension KeyTree {
    /// What there is of the keys that begin with some octets.
    struct Finding {
        /// The node at or nearest below them all; `nil`: there is none.
        var node: KeyNode?
        /// What they all have in common beyond those octets.
        var tail: ArraySlice<UInt8> = []
        /// Of the newest change to any of them, or a later one.
        var index: UInt64
    }

    func find(_ octets: [UInt8]) -> Finding {
        var (node, rest, tail) = (root, octets[...], ArraySlice<UInt8>())
        while !rest.isEmpty {
            guard let (position, common) = node.child(towards: rest) else { return Finding(index: node.index) }
            let child = node.children[position]
            guard common == child.label.count || common == rest.count else { return Finding(index: node.index) }
            (node, rest, tail) = (child, rest.dropFirst(common), child.label[common...])
        }
        return Finding(node: node, tail: tail, index: node.index)
    }
}

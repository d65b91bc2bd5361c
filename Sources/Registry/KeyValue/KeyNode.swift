/// One node of a ``KeyTree``, with all below it. It never changes, so any number of trees may share it.
final class KeyNode: Sendable {
    /// What the keys at and below this node have beyond those of the node above; empty at the root alone.
    let label: [UInt8]
    /// The entry whose key ends here.
    let entry: KeyEntry?
    /// In the order of the first octets of their labels, which all differ.
    let children: [KeyNode]
    /// The index of the newest change at or below this node, also of one that removed a key.
    let index: UInt64
    /// How many entries there are at and below this node.
    let count: Int
    /// Of all their keys and values.
    let octetCount: Int

    init(label: [UInt8], entry: KeyEntry?, children: [KeyNode], index: UInt64) {
        self.label = label
        self.entry = entry
        self.children = children
        self.index = index
        count = children.reduce(entry == nil ? 0 : 1) { $0 + $1.count }
        let own = entry.map { $0.key.octets.count + $0.value.count } ?? 0
        octetCount = children.reduce(own) { $0 + $1.octetCount }
    }

    /// Where the child whose label begins with an octet is or belongs.
    func position(of octet: UInt8) -> Int { children.firstIndex { $0.label[0] >= octet } ?? children.endIndex }

    /// The child whose label begins like `rest`, and how many octets they have in common; `nil`: there is none.
    func child(towards rest: ArraySlice<UInt8>) -> (position: Int, common: Int)? {
        guard let first = rest.first else { return nil }
        let position = position(of: first)
        guard position < children.endIndex, children[position].label[0] == first else { return nil }
        return (position, zip(children[position].label, rest).prefix { $0 == $1 }.count)
    }

    /// This node after a change.
    func replacing(_ entry: KeyEntry?, _ children: [KeyNode], at index: UInt64) -> KeyNode {
        KeyNode(label: label, entry: entry, children: children, index: max(self.index, index))
    }

    /// The same node under another label.
    func labelled(_ label: some Sequence<UInt8>) -> KeyNode {
        KeyNode(label: Array(label), entry: entry, children: children, index: index)
    }

    /// The same node below the root without an entry or a child, as few nodes as can be: none where nothing is left, and
    /// the child alone, under both labels, where it is the only thing.
    func compacted() -> KeyNode? {
        guard entry == nil, children.count < 2 else { return self }
        guard let child = children.first else { return nil }
        return KeyNode(label: label + child.label, entry: child.entry, children: child.children, index: index)
    }
}

extension KeyNode {
    /// The entries at and below this node, in order.
    var entries: some Sequence<KeyEntry> {
        sequence(state: [self]) { (waiting: inout [KeyNode]) -> KeyEntry? in
            while let node = waiting.popLast() {
                waiting.append(contentsOf: node.children.reversed())
                if let entry = node.entry { return entry }
            }
            return nil
        }
    }
}

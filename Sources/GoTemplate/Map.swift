/// Go's map, in the order in which Go prints and ranges over it: by key.
package struct Map: Sendable {
    package typealias Entry = (key: Value, value: Value)

    package let keyType: ValueType
    package let elementType: ValueType
    /// Sorted by key, each key once.
    package let entries: [Entry]

    /// Of entries with equal keys the last one stays.
    package init(keys keyType: ValueType = .string, elements elementType: ValueType = .any, _ entries: [Entry]) {
        self.keyType = keyType
        self.elementType = elementType
        var sorted: [Entry] = []
        // The sort is stable, so the last of equal keys is the last that was given.
        for entry in entries.sorted(by: { Self.order($0.key, $1.key) < 0 }) {
            if let last = sorted.last, Self.order(last.key, entry.key) == 0 { sorted.removeLast() }
            sorted.append(entry)
        }
        self.entries = sorted
    }

    /// Go's `map[string]string`.
    package init(_ texts: [String: String]) {
        self.init(
            keys: .string, elements: .string,
            texts.map { (key: .string(GoString($0.key)), value: .string(GoString($0.value))) })
    }

    package subscript(key: Value) -> Value? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let order = Self.order(entries[middle].key, key)
            if order == 0 { return entries[middle].value }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Negative, zero or positive: numbers before texts, each in its own order (Go's internal/fmtsort).
    private static func order(_ left: Value, _ right: Value) -> Int {
        switch (left, right) {
        case (.string(let left), .string(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.signed(let left, _), .signed(let right, _)): left == right ? 0 : left < right ? -1 : 1
        case (.unsigned(let left, _), .unsigned(let right, _)): left == right ? 0 : left < right ? -1 : 1
        case (.float(let left), .float(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.bool(let left), .bool(let right)): left == right ? 0 : right ? -1 : 1
        default: rank(left) - rank(right)
        }
    }

    private static func rank(_ key: Value) -> Int {
        switch key {
        case .nil: 0
        case .signed: 1
        case .unsigned: 2
        case .string: 3
        case .float: 4
        case .complex: 5
        case .bool: 6
        default: 7
        }
    }
}

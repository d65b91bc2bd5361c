/// Where a name stands in its zone: what the table holds on the way from the name up to the nearest apex.
struct Placement {
    /// A record and where its owner starts in the name.
    struct Ancestor {
        var record: AnswerRecord
        var start: Int
    }

    /// The nearest apex at or above the name.
    var apex: Ancestor
    /// The nearest existing name at or above it (RFC 4592 3.3.1).
    var closestEncloser: Ancestor
    /// The cut nearest to the apex: the name is not this zone's but what it is referred to.
    var delegation: Ancestor?
    /// The owner of a DNAME record above the name, which stands for another one; `nil` if there is a cut nearer to the apex.
    var redirection: Ancestor?

    /// Whether what the zone has at the name, or has not, is the answer.
    @inline(__always) var isDecisive: Bool { delegation == nil && redirection == nil }

    /// - Parameter start: where the ancestor starts that is placed instead of the name itself.
    /// - Returns: `nil` if the name lies in none of the table's zones.
    init?(_ key: borrowing NameKey, from start: Int = 0, _ reader: borrowing AnswerReader) {
        var start = start
        var closestEncloser: Ancestor?
        var delegation: Ancestor?
        var redirection: Ancestor?
        while true {
            if let record = reader.find(key, from: start) {
                let ancestor = Ancestor(record: record, start: start)
                if closestEncloser == nil { closestEncloser = ancestor }
                if record.flags.contains(.redirection), start > 0 {
                    redirection = ancestor
                    delegation = nil
                }
                if record.flags.contains(.apex) {
                    apex = ancestor
                    break
                }
                if record.flags.contains(.delegation) {
                    delegation = ancestor
                    redirection = nil
                }
            }
            guard start < key.length - 1 else { return nil }
            start = key.nextLabel(start)
        }
        self.closestEncloser = closestEncloser ?? apex
        self.delegation = delegation
        self.redirection = redirection
    }
}

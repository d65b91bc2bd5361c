/// In which order the records of a set are answered, over any transport.
package enum RecordOrder: Hashable, Sendable {
    /// Each order is as likely as any other.
    case random
    /// The set's own order, for everybody.
    case stable
    /// One weight for each record: what comes next is any of those left, with a chance in proportion to its weight (RFC 2782).
    ///
    /// A weight of 0 counts as next to nothing, but not as nothing.
    case weighted([UInt32])
}

/// What was worked out for a name, in the form that replies are made of: made once, given to many.
///
/// Sendable, unchecked: nobody writes to the block after ``AnswerRecord/encode(_:key:flags:)`` has made it, as no table
/// ever holds it, and it is freed with the last reference to this object.
package final class WorkedOutAnswer: @unchecked Sendable {
    /// Valid for as long as this object is.
    let record: AnswerRecord

    package init(_ records: OwnerRecords) {
        record = AnswerRecord.encode(records, key: NameKey(records.owner), flags: .registry)
    }

    deinit { record.block.deallocate() }

    /// Of all that it is made of.
    package var octets: Int { record.blockLength }

    /// The same in words, for `owner`, which may be another name than the one that it was made for.
    package func records(at owner: DomainName) -> OwnerRecords { record.decoded(owner: owner) }
}

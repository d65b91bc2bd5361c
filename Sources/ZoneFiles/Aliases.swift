import DNS

/// The rule for CNAME records: an alias has no other data (RFC 1034 3.6.2), but for the records that sign it (RFC 4034 2.5,
/// 3.1).
enum Aliases {
    /// What there is at one name, as far as the rule goes.
    private struct Company {
        var alias: [UInt8]?
        var hasOthers = false

        /// - Returns: whether the record can stand beside those before it.
        mutating func takesIn(_ record: MasterRecord) -> Bool {
            switch record.type {
            case .rrsig, .nsec: break
            case .cname:
                guard !hasOthers, alias == nil || alias == record.rdata else { return false }
                alias = record.rdata
            default:
                guard alias == nil else { return false }
                hasOthers = true
            }
            return true
        }
    }

    /// Notes the first record of each name that breaks the rule.
    static func check(_ records: [MasterRecord], _ mistakes: inout Mistakes) {
        // Few names are aliases; all others need no look.
        var names = Dictionary(
            records.lazy.filter { $0.type == .cname }.map { ($0.owner, Company()) },
            uniquingKeysWith: { first, _ in first })
        guard !names.isEmpty else { return }
        for record in records where names[record.owner]?.takesIn(record) == false {
            names[record.owner] = nil
            mistakes.note(record.located(.aliasWithOtherData(owner: record.owner)))
        }
    }
}

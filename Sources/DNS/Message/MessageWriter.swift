/// Writes a message, mostly a reply: header and question as they were asked, then records as far as they fit.
///
/// Names are not compressed, but every owner is a pointer to a place where the name already stands.
struct MessageWriter {
    enum Section: Int { case answer, authority, additional }

    private(set) var octets: [UInt8]
    /// The longest reply, less what the OPT record needs.
    private let limit: Int
    private let questionCount: UInt16
    private var counts: [UInt16] = [0, 0, 0]

    /// - Parameters:
    ///   - opening: the query's header and as much of its question as was understood.
    ///   - limit: octets of the reply without its OPT record.
    init(opening: ArraySlice<UInt8>, limit: Int) {
        octets = Array(opening)
        self.limit = limit
        questionCount = opening.count > Header.length ? 1 : 0
    }

    /// Appends a record whose owner is the name at offset `owner`.
    ///
    /// - Returns: where it starts; `nil` if it does not fit, and nothing is appended.
    mutating func append(
        _ entry: (offset: Int, length: Int), of record: AnswerRecord, owner: Int, to section: Section
    ) -> Int? {
        guard octets.count + entry.length <= limit, owner < Self.pointerReach else { return nil }
        let position = octets.count
        record.append(entry, to: &octets)
        octets[position] = UInt8(0xc0 | owner >> 8)
        octets[position + 1] = UInt8(owner & 255)
        counts[section.rawValue] += 1
        return position
    }

    /// Appends a record that is made here, as above.
    mutating func append(
        type: RecordType, recordClass: UInt16 = Question.internet, timeToLive: UInt32, data: [UInt8], owner: Int,
        to section: Section = .answer
    ) -> Int? {
        guard octets.count + AnswerRecord.dataOffset + data.count <= limit, owner < Self.pointerReach else {
            return nil
        }
        let position = octets.count
        octets.append(bigEndian: 0xc000 | UInt16(owner))
        octets.append(bigEndian: type.rawValue)
        octets.append(bigEndian: recordClass)
        octets.append(bigEndian: timeToLive)
        octets.append(bigEndian: UInt16(data.count))
        octets.append(contentsOf: data)
        counts[section.rawValue] += 1
        return position
    }

    /// Appends a record that is encoded already.
    ///
    /// - Returns: false, and nothing is appended, if it does not fit.
    mutating func append(_ record: [UInt8], to section: Section) -> Bool {
        guard octets.count + record.count <= limit else { return false }
        octets += record
        counts[section.rawValue] += 1
        return true
    }

    /// Overwrites the TTL of the record at `position`.
    mutating func setTimeToLive(_ seconds: UInt32, at position: Int) {
        for byte in 0..<4 { octets[position + 6 + byte] = UInt8(truncatingIfNeeded: seconds >> (24 - byte * 8)) }
    }

    /// Completes the header of a reply and, for a query with EDNS, adds the OPT record.
    consuming func finish(flags: Header.Flags, code: ResponseCode, option: ReplyOption?) -> [UInt8] {
        finish(flags: flags.union(.response), code: code, option)
    }

    /// Completes the header of a request.
    consuming func finishRequest(flags: Header.Flags) -> [UInt8] { finish(flags: flags, code: .noError, nil) }

    private consuming func finish(flags: Header.Flags, code: ResponseCode, _ option: ReplyOption?) -> [UInt8] {
        if let option {
            octets.append(contentsOf: option.record(code: code, room: limit - octets.count))
            counts[Section.additional.rawValue] += 1
        }
        // Whoever fails has no authority to say anything.
        let flags = code == .serverFailure ? flags.subtracting(.authoritative) : flags
        let words = flags.rawValue | code.rawValue & 0xf
        for (index, word) in ([words, questionCount] + counts).enumerated() {
            octets[2 + index * 2] = UInt8(word >> 8)
            octets[3 + index * 2] = UInt8(word & 255)
        }
        return octets
    }

    /// The first offset that a compression pointer cannot say (RFC 1035 4.1.4).
    static let pointerReach = 0x4000
}

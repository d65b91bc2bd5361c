/// Reads a message from front to back. Every length is compared with the octets that are left before it is used.
struct MessageReader {
    let message: [UInt8]
    private(set) var position = 0

    init(_ message: [UInt8]) { self.message = message }

    var isAtEnd: Bool { position == message.count }

    mutating func header() throws(WireError) -> Header {
        try Header(
            identifier: unsigned16(), flags: .init(rawValue: unsigned16()), questionCount: unsigned16(),
            answerCount: unsigned16(), authorityCount: unsigned16(), additionalCount: unsigned16())
    }

    mutating func question() throws(WireError) -> Question {
        let start = position
        try skipName(mayPoint: false)
        return try Question(
            nameLength: position - start, type: RecordType(rawValue: unsigned16()), recordClass: unsigned16())
    }

    /// One record of the other sections.
    struct Record {
        var ownerIsRoot: Bool
        var type: RecordType
        var recordClass: UInt16
        var timeToLive: UInt32
        var data: ArraySlice<UInt8>
    }

    mutating func record() throws(WireError) -> Record {
        let start = position
        try skipName(mayPoint: true)
        let ownerIsRoot = position == start + 1
        let type = RecordType(rawValue: try unsigned16())
        let recordClass = try unsigned16()
        let timeToLive = UInt32(try unsigned16()) << 16 | UInt32(try unsigned16())
        let data = try octets(Int(try unsigned16()))
        return Record(
            ownerIsRoot: ownerIsRoot, type: type, recordClass: recordClass, timeToLive: timeToLive, data: data)
    }

    private mutating func unsigned16() throws(WireError) -> UInt16 {
        guard position + 2 <= message.count else { throw .truncated(offset: position) }
        defer { position += 2 }
        return UInt16(message[position]) << 8 | UInt16(message[position + 1])
    }

    private mutating func octets(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard position + count <= message.count else { throw .truncated(offset: position) }
        defer { position += count }
        return message[position..<position + count]
    }

    /// Passes over a name. A pointer ends it and is not followed: only its owner's place matters here, not its spelling.
    private mutating func skipName(mayPoint: Bool) throws(WireError) {
        let start = position
        while true {
            guard position < message.count else { throw .truncated(offset: position) }
            let length = Int(message[position])
            switch length {
            case 0:
                position += 1
                guard position - start <= DomainName.maximumLength else { throw .nameTooLong(offset: start) }
                return
            case 1...DomainName.maximumLabelLength:
                position += 1 + length
            case 0xc0... where mayPoint:
                guard position + 2 <= message.count else { throw .truncated(offset: position) }
                let target = (length & 0x3f) << 8 | Int(message[position + 1])
                // Backwards only (RFC 9267 2): whoever follows such pointers comes to an end.
                guard (Header.length..<position).contains(target) else { throw .badPointer(offset: position) }
                position += 2
                return
            default:
                throw .badLabel(offset: position)
            }
        }
    }
}

/// Why octets are not a DNS message; the offset is where the fault was met.
enum WireError: Error, Equatable {
    case truncated(offset: Int)
    case badLabel(offset: Int)
    case badPointer(offset: Int)
    case nameTooLong(offset: Int)
}

/// Reads somebody else's reply, names and all. Every length is compared with the octets that are left, and a pointer
/// leads only backwards (RFC 9267 2), so that reading comes to an end.
struct ForeignMessageReader {
    struct Question: Equatable {
        var name: DomainName
        var type: RecordType
        var recordClass: UInt16

        init(_ name: DomainName, _ type: RecordType, recordClass: UInt16 = DNS.Question.internet) {
            self.name = name
            self.type = type
            self.recordClass = recordClass
        }
    }

    private let message: [UInt8]
    private var position = 0

    init(_ message: [UInt8]) { self.message = message }

    mutating func header() -> Header? {
        var reader = MessageReader(message)
        guard let header = try? reader.header() else { return nil }
        position = Header.length
        return header
    }

    mutating func question() -> Question? {
        guard let name = name(), let type = unsigned16(), let recordClass = unsigned16() else { return nil }
        return Question(name, RecordType(rawValue: type), recordClass: recordClass)
    }

    /// - Returns: `nil` if there are fewer, or one that makes no sense.
    mutating func records(_ count: UInt16) -> [ForeignRecord]? {
        var records: [ForeignRecord] = []
        for _ in 0..<count {
            guard let record = record() else { return nil }
            records.append(record)
        }
        return records
    }

    private mutating func record() -> ForeignRecord? {
        guard let owner = name(), let type = unsigned16(), let recordClass = unsigned16(),
            recordClass == DNS.Question.internet, let high = unsigned16(), let low = unsigned16(),
            let length = unsigned16(), position + Int(length) <= message.count
        else { return nil }
        let end = position + Int(length)
        guard let data = data(of: RecordType(rawValue: type), end: end) else { return nil }
        position = end
        return ForeignRecord(
            owner: owner, type: RecordType(rawValue: type), timeToLive: UInt32(high) << 16 | UInt32(low), data: data)
    }

    private mutating func data(of type: RecordType, end: Int) -> ForeignRecord.Data? {
        guard let layout = ForeignRecord.names(in: type) else { return .plain(Array(message[position..<end])) }
        guard position + layout.before <= end else { return nil }
        let before = Array(message[position..<position + layout.before])
        position += layout.before
        var names: [DomainName] = []
        for _ in 0..<layout.count {
            guard let name = name(), position <= end else { return nil }
            names.append(name)
        }
        return .names(before: before, names, after: Array(message[position..<end]))
    }

    /// Reads a name, following its pointers, and stands behind it then.
    private mutating func name() -> DomainName? {
        var wire: [UInt8] = []
        var place = position
        var end: Int?
        while place < message.count {
            let length = Int(message[place])
            switch length {
            case 0:
                position = end ?? place + 1
                return try? DomainName(wire: wire + [0])
            case 1...DomainName.maximumLabelLength:
                guard place + 1 + length <= message.count, wire.count + length < DomainName.maximumLength else {
                    return nil
                }
                wire += message[place...place + length]
                place += 1 + length
            case 0xc0...:
                guard place + 2 <= message.count else { return nil }
                let target = (length & 0x3f) << 8 | Int(message[place + 1])
                guard (Header.length..<place).contains(target) else { return nil }
                end = end ?? place + 2
                place = target
            default: return nil
            }
        }
        return nil
    }

    private mutating func unsigned16() -> UInt16? {
        guard position + 2 <= message.count else { return nil }
        defer { position += 2 }
        return UInt16(message[position]) << 8 | UInt16(message[position + 1])
    }
}

@testable import DNS

/// A reply read by the rules of RFC 1035 alone, independently of the code under test, in presentation form.
struct ReplyText {
    var identifier: UInt16
    var flags: UInt16
    var counts: [Int] = []
    var question: String?
    var answer: [String] = []
    var authority: [String] = []
    var additional: [String] = []
    var option: (payloadSize: Int, extendedCode: Int, version: Int, dnssecOK: Bool)?
    /// The options of the OPT record, in order.
    var options: [(code: Int, data: [UInt8])] = []
    let length: Int

    /// An extended DNS error as `INFO-CODE EXTRA-TEXT`.
    var extendedError: String? {
        guard let data = options.first(where: { $0.code == 15 })?.data, data.count >= 2 else { return nil }
        return "\(Int(data[0]) << 8 | Int(data[1])) \(String(decoding: data[2...], as: UTF8.self))"
    }

    func option(_ code: Int) -> [UInt8]? { options.first { $0.code == code }?.data }

    var code: Int { Int(flags & 0xf) | (option?.extendedCode ?? 0) << 4 }
    var isAuthoritative: Bool { flags & 0x0400 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }

    /// - Returns: `nil` if the octets are not one whole message.
    init?(_ octets: [UInt8]) {
        var reader = Reader(octets: octets)
        length = octets.count
        guard let identifier = reader.number(2), let flags = reader.number(2) else { return nil }
        self.identifier = UInt16(identifier)
        self.flags = UInt16(flags)
        for _ in 0..<4 {
            guard let count = reader.number(2) else { return nil }
            counts.append(count)
        }
        if counts[0] == 1 {
            guard let name = reader.name(), let type = reader.number(2), reader.number(2) != nil else { return nil }
            question = "\(name) \(PlainText.typeText(RecordType(rawValue: UInt16(type))))"
        }
        for section in 1...3 {
            for _ in 0..<counts[section] {
                guard let line = record(&reader) else { return nil }
                switch section {
                case 1: answer.append(line)
                case 2: authority.append(line)
                default: if !line.isEmpty { additional.append(line) }
                }
            }
        }
        guard reader.position == octets.count else { return nil }
    }

    /// - Returns: a line; an empty one for OPT.
    private mutating func record(_ reader: inout Reader) -> String? {
        guard let owner = reader.name(), let type = reader.number(2), let recordClass = reader.number(2),
            let timeToLive = reader.number(4), let length = reader.number(2),
            reader.position + length <= reader.octets.count
        else { return nil }
        let data = Array(reader.octets[reader.position..<reader.position + length])
        reader.position += length
        let recordType = RecordType(rawValue: UInt16(type))
        if recordType == .opt {
            option = (recordClass, timeToLive >> 24, timeToLive >> 16 & 255, timeToLive & 0x8000 != 0)
            return owner == "." && readOptions(data) ? "" : nil
        }
        return
            "\(owner) \(timeToLive) \(PlainText.typeText(recordType)) \(PlainText.dataText(recordType, data))"
    }

    /// - Returns: false if the options are not whole.
    private mutating func readOptions(_ data: [UInt8]) -> Bool {
        var reader = Reader(octets: data)
        while reader.position < data.count {
            guard let code = reader.number(2), let length = reader.number(2), reader.position + length <= data.count
            else { return false }
            options.append((code, Array(data[reader.position..<reader.position + length])))
            reader.position += length
        }
        return true
    }

    private struct Reader {
        let octets: [UInt8]
        var position = 0

        mutating func number(_ length: Int) -> Int? {
            guard position + length <= octets.count else { return nil }
            defer { position += length }
            return octets[position..<position + length].reduce(0) { $0 << 8 | Int($1) }
        }

        mutating func name() -> String? {
            var labels: [[UInt8]] = []
            var at = position
            var end: Int?
            while at < octets.count {
                let length = Int(octets[at])
                if length == 0 {
                    position = end ?? at + 1
                    return (try? DomainName(labels: labels))?.description
                } else if length >= 0xc0 {
                    guard at + 1 < octets.count else { return nil }
                    let target = (length & 0x3f) << 8 | Int(octets[at + 1])
                    guard target < at else { return nil }
                    end = end ?? at + 2
                    at = target
                } else {
                    guard at + 1 + length <= octets.count else { return nil }
                    labels.append(Array(octets[at + 1..<at + 1 + length]))
                    at += 1 + length
                }
            }
            return nil
        }
    }
}

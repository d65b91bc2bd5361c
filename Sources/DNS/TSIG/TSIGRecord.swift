/// The signature of a message: its last record (RFC 8945 4.2).
///
///     key name   250 ANY 0 length   algorithm   time (48)  fudge (16)   length, MAC   original ID   error   length, other
struct TSIGRecord: Equatable {
    /// What is wrong with a signature, as its ERROR field says (RFC 8945 3).
    enum Fault: UInt16 {
        case none = 0
        case badSignature = 16
        case badKey = 17
        case badTime = 18
        case badTruncation = 22
    }

    /// The key's name, in lower case.
    var key: DomainName
    /// In lower case.
    var algorithm: DomainName
    /// Seconds since 1970.
    var time: UInt64
    /// Seconds that the clocks may differ by.
    var fudge: UInt16
    var mac: [UInt8] = []
    var originalIdentifier: UInt16
    var fault: UInt16 = 0
    var other: [UInt8] = []

    /// What others use too, and RFC 8945 10 recommends.
    static let usualFudge: UInt16 = 300

    /// What is signed of it beside the message (RFC 8945 4.3.3).
    var variables: [UInt8] {
        var octets = key.lowercasedWire
        octets.append(bigEndian: Self.anyClass)
        octets.append(bigEndian: UInt32(0))
        octets.append(contentsOf: algorithm.lowercasedWire)
        octets.append(contentsOf: timers)
        octets.append(bigEndian: fault)
        octets.append(bigEndian: UInt16(truncatingIfNeeded: other.count))
        return octets + other
    }

    /// What is signed of it in all messages of a transfer but the first (RFC 8945 5.3.1).
    var timers: [UInt8] {
        var octets = Self.octets(time: time)
        octets.append(bigEndian: fudge)
        return octets
    }

    /// The whole record.
    var wire: [UInt8] {
        var data = algorithm.lowercasedWire + timers
        data.append(bigEndian: UInt16(truncatingIfNeeded: mac.count))
        data += mac
        data.append(bigEndian: originalIdentifier)
        data.append(bigEndian: fault)
        data.append(bigEndian: UInt16(truncatingIfNeeded: other.count))
        data += other
        var octets = key.lowercasedWire
        octets.append(bigEndian: RecordType.tsig.rawValue)
        octets.append(bigEndian: Self.anyClass)
        octets.append(bigEndian: UInt32(0))
        octets.append(bigEndian: UInt16(truncatingIfNeeded: data.count))
        return octets + data
    }

    static let anyClass: UInt16 = 255

    static func octets(time: UInt64) -> [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> UInt64($0)) }
    }
}

extension TSIGRecord {
    /// Reads the RDATA of a TSIG record.
    ///
    /// - Returns: `nil` unless the data is whole and its algorithm's name uncompressed.
    init?(key: DomainName, data: ArraySlice<UInt8>) {
        guard let end = DomainName.end(ofNameIn: data), let algorithm = try? DomainName(wire: data[..<end]) else {
            return nil
        }
        var rest = data[end...]
        func number(_ octets: Int) -> UInt64? {
            guard rest.count >= octets else { return nil }
            defer { rest = rest.dropFirst(octets) }
            return rest.prefix(octets).reduce(0) { $0 << 8 | UInt64($1) }
        }
        func block() -> [UInt8]? {
            guard let length = number(2), rest.count >= Int(length) else { return nil }
            defer { rest = rest.dropFirst(Int(length)) }
            return Array(rest.prefix(Int(length)))
        }
        guard let time = number(6), let fudge = number(2), let mac = block(), let identifier = number(2),
            let fault = number(2), let other = block(), rest.isEmpty
        else { return nil }
        self.init(
            key: key, algorithm: algorithm, time: time, fudge: UInt16(fudge), mac: mac,
            originalIdentifier: UInt16(identifier), fault: UInt16(fault), other: other)
    }
}

extension DomainName {
    /// Where the uncompressed name ends that `octets` start with; `nil` if there is none.
    static func end(ofNameIn octets: ArraySlice<UInt8>) -> Int? {
        var position = octets.startIndex
        while position < octets.endIndex, octets[position] != 0 {
            guard octets[position] <= maximumLabelLength else { return nil }
            position += 1 + Int(octets[position])
        }
        return position < octets.endIndex ? position + 1 : nil
    }
}

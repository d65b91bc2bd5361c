/// A value that has one form as octets, which reading gives back.
protocol OctetRepresentable {
    func write(to writer: inout OctetWriter)
    init(from reader: inout OctetReader) throws(FormatError)
}

/// Why octets are not what they should be.
enum FormatError: Error, Equatable {
    case tooShort
    case trailing(octets: Int)
    case notUTF8
    case outOfRange
    /// A tag that stands for no case.
    case unknownTag(UInt8)
    case unknownVersion(UInt8)
    case wrongChecksum
    /// A name or address that the catalog's own types refuse.
    case refused(String)
}

extension FormatError: CustomStringConvertible {
    var description: String {
        switch self {
        case .tooShort: "it ends too early"
        case .trailing(let octets): "\(octets) octets follow its end"
        case .notUTF8: "a text is not UTF-8"
        case .outOfRange: "a number is out of range"
        case .unknownTag(let tag): "\(tag) stands for nothing"
        case .unknownVersion(let version): "its format \(version) is unknown"
        case .wrongChecksum: "its checksum is wrong"
        case .refused(let reason): reason
        }
    }
}

/// Gathers octets. Integers are LEB128 (seven bits an octet, least significant first); texts and lists carry their
/// length first.
struct OctetWriter {
    private(set) var octets: [UInt8] = []

    mutating func write(_ octet: UInt8) { octets.append(octet) }

    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        octets.append(contentsOf: text.utf8)
    }

    mutating func write(data: [UInt8]) {
        write(UInt64(data.count))
        octets.append(contentsOf: data)
    }

    mutating func write(_ list: [some OctetRepresentable]) {
        write(UInt64(list.count))
        for element in list { element.write(to: &self) }
    }

    mutating func write(_ value: (some OctetRepresentable)?) {
        guard let value else { return write(UInt8(0)) }
        write(UInt8(1))
        value.write(to: &self)
    }

    /// In the order of the keys, so that equal dictionaries give equal octets.
    mutating func write(_ dictionary: [String: some OctetRepresentable]) {
        write(UInt64(dictionary.count))
        for (key, value) in dictionary.sorted(by: { $0.key < $1.key }) {
            write(key)
            value.write(to: &self)
        }
    }
}

/// Reads what ``OctetWriter`` wrote. Every length is held against the octets left before it is used.
struct OctetReader {
    private let octets: ArraySlice<UInt8>
    private var position: Int

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        position = octets.startIndex
    }

    var isAtEnd: Bool { remaining == 0 }
    var remaining: Int { octets.endIndex - position }

    /// What stands at the very end, where anything does.
    mutating func last<Value: OctetRepresentable>() throws(FormatError) -> Value? {
        isAtEnd ? nil : try Value(from: &self)
    }

    mutating func octet() throws(FormatError) -> UInt8 {
        guard position < octets.endIndex else { throw .tooShort }
        defer { position += 1 }
        return octets[position]
    }

    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type = Value.self
    ) throws(FormatError) -> Value {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let octet = try octet()
            guard shift < 63 || octet <= 1 else { throw .outOfRange }
            value |= UInt64(octet & 0x7f) << shift
            if octet < 0x80 { break }
            shift += 7
        }
        guard let result = Value(exactly: value) else { throw .outOfRange }
        return result
    }

    mutating func text() throws(FormatError) -> String {
        let count = try count()
        let end = position + count
        let text = octets[position..<end]
        position = end
        do { return String(copying: try UTF8Span(validating: text.span)) } catch { throw .notUTF8 }
    }

    mutating func data() throws(FormatError) -> [UInt8] {
        let count = try count()
        defer { position += count }
        return Array(octets[position..<position + count])
    }

    mutating func list<Element: OctetRepresentable>(
        of type: Element.Type = Element.self
    ) throws(FormatError) -> [Element] {
        let count = try count()
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try Element(from: &self)) }
        return list
    }

    mutating func optional<Value: OctetRepresentable>(_ type: Value.Type = Value.self) throws(FormatError) -> Value? {
        switch try octet() {
        case 0: nil
        case 1: try Value(from: &self)
        case let tag: throw .unknownTag(tag)
        }
    }

    mutating func dictionary<Value: OctetRepresentable>(
        of type: Value.Type = Value.self
    ) throws(FormatError) -> [String: Value] {
        let count = try count()
        var dictionary: [String: Value] = [:]
        if count > 0 { dictionary.reserveCapacity(count) }
        for _ in 0..<count {
            let key = try text()
            dictionary[key] = try Value(from: &self)
        }
        return dictionary
    }

    /// A length; everything counted takes at least one octet.
    private mutating func count() throws(FormatError) -> Int {
        let count: UInt32 = try integer()
        guard count <= remaining else { throw .tooShort }
        return Int(count)
    }
}

extension String: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(self) }
    init(from reader: inout OctetReader) throws(FormatError) { self = try reader.text() }
}

extension Array: OctetRepresentable where Element: OctetRepresentable {
    func write(to writer: inout OctetWriter) { writer.write(self) }
    init(from reader: inout OctetReader) throws(FormatError) { self = try reader.list() }
}

import DNS

/// What is counted of queries and of the replies to them.
package enum QueryCounter: Int, CaseIterable, Sendable {
    /// Received.
    case queries

    /// Answered with RCODE 0, data or none; BADVERS, whose low bits are 0, is among them.
    case noError
    case formatError, serverFailure, nameError, notImplemented, refused
    /// Answered with any other RCODE.
    case otherCode

    /// Answered, and cut to what fits.
    case truncated
    /// Not answered: replies, what is shorter than a header, and what the rate limit drops.
    case dropped
    /// Held back by the rate limit: dropped, or answered with a short reply instead.
    case limited
    /// Handed to the recursors, to be answered later.
    case forwarded
    /// Replies that the system did not take.
    case lost

    // By the type that an answered question asked for.
    case a, aaaa, ns, soa, ptr, txt, srv, https, any, otherType
    /// Answered without a question.
    case noQuestion
}

/// A number for each ``QueryCounter``: of a batch, of one transport, of all.
package struct QueryCounts: Sendable {
    /// Of a message, in octets.
    private static let headerLength = 12

    private var numbers = InlineArray<24, UInt64>(repeating: 0)

    package init() {}

    package subscript(counter: QueryCounter) -> UInt64 {
        get { numbers[counter.rawValue] }
        set { numbers[counter.rawValue] = newValue }
    }

    /// The number of the counter in this place of their order.
    func number(at place: Int) -> UInt64 { numbers[place] }

    /// Counts a reply by its response code, by whether it was cut, and by its question's type.
    ///
    /// - Parameters:
    ///   - reply: at least a header.
    ///   - type: the question's, if it is known; else it is looked for in the reply.
    @inline(__always)
    mutating func add(reply: Span<UInt8>, asked type: RecordType? = nil) {
        guard reply.count >= Self.headerLength else { return }
        self[QueryCounter(code: reply[3] & 0x0f)] += 1
        if reply[2] & 0x02 != 0 { self[.truncated] += 1 }
        self[type.map { QueryCounter(type: $0.rawValue) } ?? Self.type(askedIn: reply)] += 1
    }

    mutating func add(_ other: QueryCounts) {
        for index in numbers.indices { numbers[index] += other.numbers[index] }
    }

    /// The type in the question, which stands uncompressed behind the header (RFC 1035 4.1.2).
    private static func type(askedIn reply: Span<UInt8>) -> QueryCounter {
        guard reply[4] == 0, reply[5] == 1 else { return .noQuestion }
        var end = Self.headerLength
        while end < reply.count, reply[end] != 0 { end += 1 + Int(reply[end]) }
        guard end + 2 < reply.count else { return .noQuestion }
        return QueryCounter(type: UInt16(reply[end + 1]) << 8 | UInt16(reply[end + 2]))
    }
}

extension QueryCounter {
    /// - Parameter code: the low four bits of a response code.
    fileprivate init(code: UInt8) {
        self =
            switch code {
            case 0: .noError
            case 1: .formatError
            case 2: .serverFailure
            case 3: .nameError
            case 4: .notImplemented
            case 5: .refused
            default: .otherCode
            }
    }

    /// - Parameter type: a QTYPE's number.
    fileprivate init(type: UInt16) {
        self =
            switch type {
            case 1: .a
            case 2: .ns
            case 6: .soa
            case 12: .ptr
            case 16: .txt
            case 28: .aaaa
            case 33: .srv
            case 65: .https
            case 255: .any
            default: .otherType
            }
    }
}

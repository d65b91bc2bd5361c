import CLDNS
import DNS

/// Reads a master file (RFC 1035 5) record by record with libldns: the one place that holds its pointers.
///
/// libldns is lenient where this reader is not: it reads over a parenthesis that never closes, takes a relative
/// `$ORIGIN` for an absolute one, a `$TTL` that is no number for 0, and any two words for a record of type 0. The lines
/// that it consumed are therefore looked at again.
///
/// Safe: every pointer belongs to this value alone, is never handed out, and is freed exactly once, in `deinit`.
@safe struct MasterFileReader: ~Copyable {
    private let stream: UnsafeMutablePointer<FILE>
    /// What `stream` reads from.
    private let octets: UnsafeMutableBufferPointer<UInt8>
    /// Owned by this value; libldns replaces both as it goes.
    private var origin: UnsafeMutablePointer<ldns_rdf>?
    private var previousOwner: UnsafeMutablePointer<ldns_rdf>?
    private var defaultTimeToLive: UInt32
    private var sawTimeToLive: Bool

    /// Put after the text: an empty comment, which no whole record reaches into.
    private static let end: [UInt8] = Array("\n;\n".utf8)

    private let lines: [String]
    /// The number of lines consumed.
    private var position: Int32 = 0
    /// True after a mistake that makes it unclear what the lines behind it mean.
    private(set) var isLost = false

    /// - Parameter state: what the lines before the text have said.
    /// - Throws: ``LocatedReason`` if the text holds a zero octet, which would hide what follows it.
    init(text: [UInt8], state: MasterFileState) throws(LocatedReason) {
        guard !text.contains(0) else {
            throw LocatedReason(line: nil, reason: .syntax("there is a zero octet in it; this is not a text file"))
        }
        let octets = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count + Self.end.count)
        _ = unsafe octets.initialize(from: text + Self.end)
        guard let stream = unsafe fmemopen(octets.baseAddress, octets.count, "r") else {
            unsafe octets.deallocate()
            throw LocatedReason(line: nil, reason: .unreadable("not enough memory"))
        }
        unsafe self.octets = unsafe octets
        unsafe self.stream = unsafe stream
        unsafe origin = Self.field(state.origin)
        unsafe previousOwner = state.previousOwner.flatMap { unsafe Self.field($0) }
        defaultTimeToLive = state.timeToLive
        sawTimeToLive = state.sawTimeToLive
        lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    deinit {
        unsafe fclose(stream)
        unsafe octets.deallocate()
        unsafe ldns_rdf_deep_free(origin)
        unsafe ldns_rdf_deep_free(previousOwner)
    }

    /// What the lines read so far have said to those that follow.
    var state: MasterFileState {
        MasterFileState(
            origin: unsafe Self.name(origin) ?? .root, previousOwner: unsafe Self.name(previousOwner),
            timeToLive: defaultTimeToLive, sawTimeToLive: sawTimeToLive)
    }

    /// The next record, or the next file to be read in the place of a line; `nil` at the end.
    ///
    /// - Throws: ``LocatedReason`` for a line that is neither. What is behind it can be read on, unless the reader
    ///   ``isLost``.
    mutating func next() throws(LocatedReason) -> MasterEntry? {
        while unsafe feof(stream) == 0 {
            let start = position
            var record: UnsafeMutablePointer<ldns_rr>?
            let status = unsafe ldns_rr_new_frm_fp_l(
                &record, stream, &defaultTimeToLive, &origin, &previousOwner, &position)
            defer { unsafe ldns_rr_free(record) }
            let consumed = ConsumedLines(of: lines, from: start, to: position)
            // Only an open parenthesis reads over ``end``; only one that was never opened stops inside a line.
            let reachedEnd = unsafe feof(stream) != 0
            switch status {
            case LDNS_STATUS_SYNTAX_EMPTY:
                guard consumed.isBlank, reachedEnd || position > start else {
                    throw lost(consumed.located(.unbalancedParentheses))
                }
            case _ where reachedEnd || position == start:
                throw lost(consumed.located(.unbalancedParentheses))
            case LDNS_STATUS_OK:
                guard let record = unsafe record else { continue }
                return .record(try unsafe read(record, consumed))
            case LDNS_STATUS_SYNTAX_TTL:
                guard consumed.directiveHasNumber else { throw consumed.located(.syntax("$TTL needs a number")) }
                sawTimeToLive = true
            case LDNS_STATUS_SYNTAX_ORIGIN:
                guard consumed.directiveIsAbsolute else { throw lost(consumed.located(.relativeOrigin)) }
            case LDNS_STATUS_SYNTAX_INCLUDE:
                return .inclusion(try Inclusion(consumed, origin: state.origin))
            default:
                let mistake = consumed.located(.syntax(Self.text(of: status)))
                throw consumed.isOrigin ? lost(mistake) : mistake
            }
        }
        return nil
    }

    private mutating func lost(_ mistake: LocatedReason) -> LocatedReason {
        isLost = true
        return mistake
    }

    private mutating func read(
        _ record: UnsafeMutablePointer<ldns_rr>, _ consumed: ConsumedLines
    ) throws(LocatedReason) -> MasterRecord {
        let timeToLive = unsafe ldns_rr_ttl(record)
        // RFC 2308 4: without a $TTL the default is the last one stated, and a record that states none repeats it.
        if !sawTimeToLive { defaultTimeToLive = timeToLive }
        guard unsafe ldns_rr_get_class(record) == LDNS_RR_CLASS_IN else { throw consumed.located(.notInternet) }
        guard timeToLive <= UInt32(Int32.max) else { throw consumed.located(.timeToLiveTooLong) }
        let type = RecordType(rawValue: UInt16(truncatingIfNeeded: unsafe ldns_rr_get_type(record).rawValue))
        guard type.isData else { throw consumed.located(.noData(type: type.rawValue)) }
        var rdata: [UInt8] = []
        for field in unsafe 0..<ldns_rr_rd_count(record) {
            unsafe rdata.append(contentsOf: Self.octets(of: ldns_rr_rdf(record, field)))
        }
        let owner: DomainName
        do {
            owner = unsafe try DomainName(wire: Self.octets(of: ldns_rr_owner(record)))
        } catch {
            throw consumed.located(.syntax(error.description))
        }
        return MasterRecord(owner: owner, type: type, timeToLive: timeToLive, rdata: rdata, line: consumed.firstLine)
    }

    private static func field(_ name: DomainName) -> UnsafeMutablePointer<ldns_rdf>? {
        unsafe name.wire.withUnsafeBytes {
            unsafe ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, $0.count, $0.baseAddress)
        }
    }

    private static func name(_ field: UnsafeMutablePointer<ldns_rdf>?) -> DomainName? {
        unsafe try? DomainName(wire: octets(of: field))
    }

    private static func octets(of field: UnsafeMutablePointer<ldns_rdf>?) -> [UInt8] {
        guard let field = unsafe field, let data = unsafe ldns_rdf_data(field) else { return [] }
        let raw = unsafe UnsafeRawBufferPointer(start: data, count: ldns_rdf_size(field))
        return unsafe Array(raw)
    }

    private static func text(of status: ldns_status) -> String {
        guard let text = unsafe ldns_get_errorstr_by_id(status) else { return "libldns status \(status.rawValue)" }
        let whole = unsafe String(cString: text)
        let prefix = "Syntax error, "
        return whole.hasPrefix(prefix) ? String(whole.dropFirst(prefix.count)) : whole
    }
}

/// What a line of a master file is.
enum MasterEntry {
    case record(MasterRecord)
    case inclusion(Inclusion)
}

/// What the lines of a master file say to those that follow.
struct MasterFileState {
    /// What relative names end in.
    var origin: DomainName
    /// The owner of a record that names none.
    var previousOwner: DomainName?
    /// Seconds, of a record that has none.
    var timeToLive: UInt32 = 3600
    /// Whether there was a `$TTL`.
    var sawTimeToLive = false
}

extension RecordType {
    /// False for OPT, meta types and query types (RFC 6895 3.1), and for 0, which libldns makes of words it does not know.
    fileprivate var isData: Bool { rawValue != 0 && self != .opt && !(128...255).contains(rawValue) }
}

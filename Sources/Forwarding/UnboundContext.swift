import CUnbound
import DNS

/// One recursor behind libunbound's cache. libunbound sends the queries from a thread of its own, guards against forged
/// and malformed replies, turns to TCP where it must, and remembers whether the recursor is alive.
///
/// Safe: the context lives as long as this object, and libunbound calls back only from ``takeResults()``, with the address
/// of a ticket that ``tickets`` holds until then. For one thread.
@safe final class UnboundContext {
    /// A reply to the question that was asked with `tag`; `nil` if there was none.
    typealias Result = (tag: Int, message: [UInt8]?)

    /// The TTL of a record that has outlived its own: longer than that of any other.
    static let staleMark: UInt32 = 1_000_000

    private let context: OpaquePointer
    private var tickets: [Int: Ticket] = [:]
    private var results: [Result] = []

    private final class Ticket {
        unowned let context: UnboundContext
        let tag: Int
        /// libunbound's number for it.
        var identifier: CInt = 0

        init(_ context: UnboundContext, tag: Int) {
            self.context = context
            self.tag = tag
        }
    }

    /// From unbound.conf(5); what is not here has its default there.
    static let options = [
        // No validation: it is the recursor's business, and its answers often cannot be validated behind it.
        ("module-config:", "iterator"),
        // The recursor may be on this host, and names of private networks are its business too.
        ("do-not-query-localhost:", "no"), ("unblock-lan-zones:", "yes"), ("insecure-lan-zones:", "yes"),
        ("edns-buffer-size:", "1232"), ("harden-short-bufsize:", "yes"), ("harden-large-queries:", "yes"),
        ("minimal-responses:", "yes"), ("prefetch:", "yes"),
        ("msg-cache-size:", "4m"), ("rrset-cache-size:", "8m"), ("cache-max-ttl:", "86400"),
        ("outgoing-range:", "256"), ("num-queries-per-thread:", "1024"), ("outgoing-num-tcp:", "10"),
        // Old answers for up to a day where no new ones can be had (RFC 8767), marked.
        ("serve-expired:", "yes"), ("serve-expired-ttl:", "86400"), ("serve-expired-client-timeout:", "1800"),
        ("serve-expired-reply-ttl:", "\(staleMark)"),
        // A recursor that is dead for two seconds fails at once from then on, and gets another chance every ten.
        ("infra-cache-max-rtt:", "2000"), ("infra-host-ttl:", "10"),
    ]

    /// - Throws: ``ForwardingError``.
    init(
        _ recursor: ServerAddress, options: [(name: String, value: String)] = UnboundContext.options
    ) throws(ForwardingError) {
        guard let context = unsafe ub_ctx_create() else { throw .noMemory }
        unsafe self.context = context
        // What libunbound has to say for itself would go to standard error.
        unsafe ub_ctx_debugout(context, nil)
        try Self.check(unsafe ub_ctx_async(context, 1), "a thread of its own")
        for (name, value) in options {
            try Self.check(unsafe ub_ctx_set_option(context, name, value), "\(name) \(value)")
        }
        let forwarder = "\(recursor.address)@\(recursor.port)"
        try Self.check(unsafe ub_ctx_set_fwd(context, forwarder), "forward-addr: \(forwarder)")
    }

    private static func check(_ code: CInt, _ option: String) throws(ForwardingError) {
        guard code != 0 else { return }
        throw .refused(option: option, reason: unsafe String(cString: ub_strerror(code)))
    }

    /// Ends the thread; questions that are still open are forgotten.
    deinit { unsafe ub_ctx_delete(context) }

    /// Readable when there are results to take.
    var descriptor: CInt { unsafe ub_fd(context) }

    /// - Returns: false if there is no memory or no thread for it.
    func ask(_ name: DomainName, _ type: RecordType, tag: Int) -> Bool {
        let ticket = Ticket(self, tag: tag)
        let code = unsafe ub_resolve_async(
            context, name.description, CInt(type.rawValue), CInt(1), Unmanaged.passUnretained(ticket).toOpaque(),
            { address, code, result in
                guard let address = unsafe address else { return }
                let ticket = unsafe Unmanaged<Ticket>.fromOpaque(address).takeUnretainedValue()
                ticket.context.finish(ticket, unsafe UnboundContext.message(code, result))
            }, &ticket.identifier)
        guard code == 0 else { return false }
        tickets[tag] = ticket
        return true
    }

    /// Forgets a question, if it is open; there will be no result.
    func cancel(tag: Int) {
        guard let ticket = tickets[tag] else { return }
        _ = unsafe ub_cancel(context, ticket.identifier)
        tickets[tag] = nil
    }

    /// Results that have come.
    func takeResults() -> [Result] {
        _ = unsafe ub_process(context)
        defer { results = [] }
        return results
    }

    private func finish(_ ticket: Ticket, _ message: [UInt8]?) {
        tickets[ticket.tag] = nil
        results.append((ticket.tag, message))
    }

    /// Takes the octets out of a result, and frees it.
    private static func message(_ code: CInt, _ result: UnsafeMutablePointer<ub_result>?) -> [UInt8]? {
        guard let result = unsafe result else { return nil }
        defer { unsafe ub_resolve_free(result) }
        guard code == 0, let packet = unsafe result.pointee.answer_packet else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: packet, count: Int(result.pointee.answer_len)))
    }
}

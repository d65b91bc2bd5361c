package import CDatagram

/// Answers a batch of datagrams where they lie: the reply takes the place of the query.
///
/// Three passes over the batch let the memory that each step needs arrive while the others are worked on: read and hash
/// all names, find all slots, then build all replies. What is not a plain question goes to ``FullAnswer``, one by one.
///
/// For each plain question nothing is allocated, locked or reference-counted.
@safe package struct FastAnswer: ~Copyable {
    var reader: AnswerReader
    private let queries: UnsafeMutablePointer<FastQuery>
    private let capacity: Int
    private let shuffle: ShuffleScratch
    private let errors = ReadyErrors()
    var limiter: RateLimiter
    /// How many replies were held back so far, slips among them.
    package internal(set) var limited: UInt64 = 0

    /// Is offered what the zones cannot answer, with the number of its datagram, and says whether it will be answered
    /// later; then the reply's length is 0. `nil`: nobody takes such questions.
    package var offer: ((_ datagram: Int, _ question: ForeignQuestion) -> Bool)?
    /// How many of the last batch were taken.
    package private(set) var taken = 0
    /// Which of its replies are signed, and not to be changed.
    package private(set) var signed: Set<Int> = []

    /// Octets that must be readable and writable behind each datagram and behind each reply.
    package static let slack = 16
    let longestReply: Int

    /// - Parameter capacity: the most datagrams in a batch.
    package init(table: AnswerTable, capacity: Int) {
        self.init(reader: AnswerReader(table), capacity: capacity)
    }

    init(reader: consuming AnswerReader, capacity: Int) {
        longestReply = reader.policy.largestPayload
        limiter = RateLimiter(rate: reader.policy.rateLimit, limitsLoopback: reader.policy.limitsLoopback)
        self.reader = reader
        self.capacity = capacity
        unsafe queries = .allocate(capacity: capacity)
        for index in 0..<capacity { unsafe (queries + index).initialize(to: FastQuery()) }
        shuffle = ShuffleScratch()
    }

    deinit {
        unsafe queries.deinitialize(count: capacity)
        unsafe queries.deallocate()
        shuffle.deallocate()
        errors.deallocate()
    }

    /// Answers datagrams in place.
    ///
    /// - Parameters:
    ///   - datagrams: the first datagram; the next ones follow every `stride` octets. Each has room for the longest
    ///     reply, which is ``AnswerPolicy/largestPayload``, and ``slack``.
    ///   - lengths: of each datagram; becomes the length of its reply, 0 for none.
    ///   - sources: the address that each came from.
    ///   - time: when they came.
    package mutating func answer(
        _ datagrams: UnsafeMutableRawPointer, stride: Int, lengths: UnsafeMutablePointer<UInt32>,
        sources: UnsafePointer<cdatagram_source>, count: Int, at time: Moment
    ) {
        precondition(count <= capacity && stride >= longestReply + Self.slack)
        taken = 0
        if !signed.isEmpty { signed = [] }
        reader.enter()
        reader.cookies.turn(to: time.seconds)
        for index in 0..<count {
            unsafe readQuery(index, datagrams + index &* stride, Int(lengths[index]), sources, time)
        }
        for index in 0..<count where unsafe queries[index].isPlain {
            unsafe prefetchRecord(queries[index].hash, type: queries[index].type)
        }
        for index in 0..<count {
            let datagram = unsafe datagrams + index &* stride
            if unsafe queries[index].isPlain, let length = unsafe build(queries + index, datagram) {
                let isLimited = unsafe limiter.isOn && !queries[index].hasGoodCookie
                unsafe lengths[index] = UInt32(
                    truncatingIfNeeded: isLimited
                        ? limit(length, queries + index, datagram, to: IPAddress(sources[index]), at: time) : length)
            } else {
                unsafe queries[index].isPlain = false
                let arrival = unsafe Arrival(over: .udp, from: IPAddress(sources[index]), at: time)
                unsafe lengths[index] = answerFully(index, datagram, Int(lengths[index]), arrival)
            }
        }
        reader.leave()
    }

    @inline(__always)
    private func readQuery(
        _ index: Int, _ datagram: UnsafeRawPointer, _ length: Int, _ sources: UnsafePointer<cdatagram_source>,
        _ time: Moment
    ) {
        let query = unsafe queries + index
        unsafe query.pointee.read(datagram, length: length, largestPayload: longestReply)
        guard unsafe query.pointee.isPlain else { return }
        if unsafe query.pointee.hasCookie {
            let (cookie, isGood) = unsafe reader.cookies.reply(
                to: query.pointee.cookie, from: IPAddress(sources[index]), at: time.seconds)
            unsafe query.pointee.show(cookie, isGood: isGood)
        }
        if unsafe reader.isAlternative(query.pointee.key) {
            // Of its records only these are the same in both domains.
            let type = unsafe RecordType(rawValue: query.pointee.type)
            guard type == .a || type == .aaaa, unsafe reader.rewriteAlternative(&query.pointee.key) else {
                return unsafe query.pointee.isPlain = false
            }
            unsafe query.pointee.isAlternative = true
        }
        unsafe reader.rewrite(&query.pointee.key)
        let hash = unsafe reader.hash(query.pointee.key)
        unsafe query.pointee.hash = hash
        reader.prefetchSlot(hash)
    }

    /// Asks for the lines of the record that most likely answers: those of the name and some addresses, or also those of five
    /// SRV records with their targets' addresses.
    @inline(__always)
    private func prefetchRecord(_ hash: UInt64, type: UInt16) {
        guard let record = reader.candidate(hash) else { return }
        let lines = type == RecordType.srv.rawValue ? 11 : 3
        for line in 0..<lines { unsafe cdatagram_prefetch(record.base + line &* 64) }
    }

    @inline(never)
    private mutating func answerFully(
        _ index: Int, _ datagram: UnsafeMutableRawPointer, _ length: Int, _ arrival: Arrival
    ) -> UInt32 {
        let query = unsafe Array(UnsafeRawBufferPointer(start: datagram, count: length))
        guard let reply = reply(to: query, index, arrival) else { return 0 }
        unsafe UnsafeMutableRawBufferPointer(start: datagram, count: reply.count).copyBytes(from: reply)
        return UInt32(reply.count)
    }

    /// - Returns: `nil` for none, or none yet.
    private mutating func reply(to query: [UInt8], _ index: Int, _ arrival: Arrival) -> [UInt8]? {
        // First, so that a flood costs no work.
        if case .instead(let short) = limit(repliesTo: query, arrival) { return short }
        let outcome = SignedAnswer.outcome(of: query, arrival, &reader)
        guard let reply = outcome.ownReply else { return nil }
        if case .signed = outcome { signed.insert(index) }
        guard case .foreign(let question) = outcome, let offer else { return reply }
        guard offer(index, question) else { return question.refusal }
        taken += 1
        return nil
    }

    /// The type that the datagram at `index` of the last batch asked for; `nil` if it was not answered as a plain question.
    @inline(__always)
    package func plainType(_ index: Int) -> RecordType? {
        precondition(index < capacity)
        let query = unsafe queries + index
        return unsafe query.pointee.isPlain ? RecordType(rawValue: query.pointee.type) : nil
    }

    // MARK: - Building a reply

    /// - Returns: the reply's length; `nil` if the full path must answer, and then the datagram is untouched.
    @inline(__always)
    private mutating func build(_ query: UnsafePointer<FastQuery>, _ datagram: UnsafeMutableRawPointer) -> Int? {
        let hash = unsafe query.pointee.hash
        guard let record = unsafe reader.find(query.pointee.key, hash: hash) else {
            return unsafe buildNegative(query, datagram, nil)
        }
        let flags = record.flags
        guard flags.isDisjoint(with: [.alias, .delegation]) else { return nil }
        if flags.contains(.lacksAdditional), unsafe AnswerSet.targetOffset(query.pointee.type) != nil { return nil }
        if flags.contains(.lacksProtocols), unsafe query.pointee.key.spelling != .plain { return nil }
        if !flags.contains(.registry) {
            guard let placement = unsafe Placement(query.pointee.key, reader), placement.isDecisive else {
                return nil
            }
        }
        guard let set = unsafe record.set(RecordType(rawValue: query.pointee.type)) else {
            return unsafe buildNegative(query, datagram, record)
        }
        guard set.count <= ShuffleScratch.capacity else { return nil }
        return unsafe buildPositive(query, datagram, set)
    }

    /// The records in the set's order as far as they fit (else TC), then their targets' addresses as far as they fit.
    @inline(__always)
    private mutating func buildPositive(
        _ query: UnsafePointer<FastQuery>, _ datagram: UnsafeMutableRawPointer, _ set: AnswerSet
    ) -> Int {
        var reply = unsafe FastReply(query, datagram, payloadSize: longestReply)
        var draws = Draws()
        let wanted =
            set.record.flags.contains(.registry) ? min(reader.policy.answerLimit ?? .max, set.count) : set.count
        shuffle.reset(for: set)
        for place in 0..<wanted {
            let index = shuffle.take(place, of: set, &draws, &reader.random)
            let position = unsafe reply.position
            guard unsafe reply.append(set.entry(index), of: set.record) else {
                unsafe reply.isTruncated = true
                break
            }
            shuffle.note(position: position, place)
            unsafe reply.answers &+= 1
        }
        if set.hasIndex, unsafe !reply.isTruncated, let target = AnswerSet.targetOffset(set.type) {
            unsafe appendAdditional(set, count: wanted, target: target, &reply)
        }
        return unsafe reply.finish(query, code: .noError)
    }

    @inline(__always)
    private func appendAdditional(_ set: AnswerSet, count: Int, target: Int, _ reply: inout FastReply) {
        for place in 0..<count {
            var (offset, end) = set.additional(shuffle.index(place))
            while offset < end {
                let length = set.record.length(at: offset)
                let position = unsafe reply.position
                guard unsafe reply.append((offset, length), of: set.record) else { return }
                unsafe reply.setOwner(shuffle.position(place) + AnswerRecord.dataOffset + target, at: position)
                unsafe reply.additionals &+= 1
                offset &+= length
            }
        }
    }

    /// NODATA, or NXDOMAIN in a registry zone, which has no wildcard that could stand for the name.
    @inline(never)
    private func buildNegative(
        _ query: UnsafePointer<FastQuery>, _ datagram: UnsafeMutableRawPointer, _ record: AnswerRecord?
    ) -> Int? {
        // The SOA would have to be translated; and a name may have to be published first.
        guard unsafe !query.pointee.isAlternative, !reader.isLoading,
            let placement = unsafe Placement(query.pointee.key, reader),
            placement.isDecisive, let soa = placement.apex.record.set(.soa)
        else { return nil }
        if let record {
            let type = unsafe RecordType(rawValue: query.pointee.type)
            guard !(record.flags.contains(.lacksTypes) && type.isWorkedOut), type != .ds,
                type != .ptr || record.flags.contains(.registry)
            else { return nil }
        } else {
            let flags = placement.closestEncloser.record.flags
            guard flags.contains(.registry), flags.isDisjoint(with: [.addresses, .lacksNames]),
                !reader.isAwaitingNames
            else { return nil }
        }
        var reply = unsafe FastReply(query, datagram, payloadSize: longestReply)
        let position = unsafe reply.position
        guard unsafe reply.append(soa.entry(0), of: soa.record) else { return nil }
        let apexLength = unsafe query.pointee.key.length - placement.apex.start
        unsafe reply.setOwner(Header.length + query.pointee.nameLength - apexLength, at: position)
        unsafe reply.setTimeToLive(soa.negativeTimeToLive, at: position)
        unsafe reply.authorities = 1
        return unsafe reply.finish(
            query, code: record == nil ? .nameError : .noError, error: errors.error(record))
    }
}

extension FastAnswer {
    /// Starts the shuffles anew, for tests that compare both paths.
    mutating func seed(_ seed: UInt64) { reader.random = RandomSource(seed: seed) }

    /// Whether the datagram at `index` of the last batch was answered as a plain question, for tests that must not test nothing.
    func wasPlain(_ index: Int) -> Bool { unsafe queries[index].isPlain }
}

extension IPAddress {
    @inline(__always)
    package init(_ source: cdatagram_source) {
        self =
            source.is_v4 == 0
            ? IPAddress.v6(high: source.high, low: source.low).unmapped : .v4(UInt32(truncatingIfNeeded: source.low))
    }
}

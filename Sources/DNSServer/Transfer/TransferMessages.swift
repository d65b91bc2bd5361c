import DNS

/// The messages of one transfer, made one at a time as they are sent.
///
/// A record that is longer than a message usually gets fits none the less: the longest that a zone file can hold is some
/// 10,000 octets.
///
/// An owner is written whole once in each message, except for what it shares with the question, and pointed at after that.
struct TransferMessages {
    private let request: TransferRequest
    private var sets: AnyIterator<RRSet>
    /// The set that is being written, and how many of its records are.
    private var current: (set: RRSet, count: Int)?
    private var signer: TSIGSigner?
    /// Given back with the last copy of this value.
    private let place: TransferPlaces.Place?

    /// About as far as compression pointers reach, and little enough to be made between other clients' answers.
    private static let usualLength = 0x4000

    init(
        _ request: TransferRequest, _ sets: some Sequence<RRSet>, _ signer: TSIGSigner?, _ place: TransferPlaces.Place?
    ) {
        self.request = request
        self.signer = signer
        self.place = place
        var iterator = sets.makeIterator()
        self.sets = AnyIterator { iterator.next() }
        current = self.sets.next().map { ($0, 0) }
    }

    /// - Returns: `nil` when all is said.
    mutating func next() -> [UInt8]? {
        guard current != nil else { return nil }
        var message = request.opening
        var answers: UInt16 = 0
        while let (set, count) = current {
            let owner = Owner(of: set, after: message.count, request)
            var written = 0
            for data in set.rdata[count...] {
                let length = (written == 0 ? owner.wire.count : 2) + 10 + data.count
                guard answers == 0 || message.count + length <= Self.usualLength else { break }
                message += written == 0 ? owner.wire : owner.pointer
                message.append(bigEndian: set.type.rawValue)
                message.append(bigEndian: Self.internet)
                message.append(bigEndian: set.timeToLive)
                message.append(bigEndian: UInt16(truncatingIfNeeded: data.count))
                message += data
                answers += 1
                written += 1
            }
            guard count + written == set.rdata.count else {
                current = (set, count + written)
                break
            }
            current = sets.next().map { ($0, 0) }
        }
        return finished(message, answers)
    }

    private mutating func finished(_ message: [UInt8], _ answers: UInt16) -> [UInt8] {
        var message = message
        message[6] = UInt8(answers >> 8)
        message[7] = UInt8(truncatingIfNeeded: answers)
        if let option = request.option {
            message += option
            message[11] = 1
        }
        return signer?.sign(message) ?? message
    }

    private static let internet: UInt16 = 1

    /// An owner as it is written at one place.
    private struct Owner {
        /// The labels, ending in a pointer to the question's name where that is their end, letter for letter.
        let wire: [UInt8]
        /// Points at ``wire``.
        let pointer: [UInt8]

        init(of set: RRSet, after position: Int, _ request: TransferRequest) {
            let (own, apex) = (set.owner.wire, request.zone.wire)
            wire =
                own.suffix(apex.count) == apex[...] && set.owner.isSubdomain(of: request.zone) && apex.count > 1
                ? own.dropLast(apex.count) + [0xc0, 12] : own
            pointer = [0xc0 | UInt8(truncatingIfNeeded: position >> 8), UInt8(truncatingIfNeeded: position)]
        }
    }
}

import CDatagram
import DNS

/// The memory of one worker: the datagrams it has taken, which become the replies that it sends.
///
/// Safe: the C side keeps all sizes; `answer` gets the room that ``FastAnswer`` asks for by construction.
@safe struct DatagramBatch: ~Copyable {
    private let batch: UnsafeMutablePointer<cdatagram_batch>

    /// What is received of one datagram. Queries are much shorter; cutting a longer one makes it a format error.
    private static let room = 2048

    /// - Returns: `nil` without memory.
    init?(capacity: CUnsignedInt) {
        // The batch adds at least 64 octets to each datagram's room, which covers the slack.
        guard let batch = unsafe cdatagram_batch_create(capacity, Self.room) else { return nil }
        unsafe self.batch = batch
    }

    deinit { unsafe cdatagram_batch_destroy(batch) }

    /// Waits for datagrams.
    ///
    /// - Returns: how many came, or an errno value, negated.
    mutating func receive(_ descriptor: CInt) -> CInt { unsafe cdatagram_batch_receive(batch, descriptor) }

    mutating func answer(_ count: CInt, _ answers: inout FastAnswer) {
        unsafe answers.answer(
            UnsafeMutableRawPointer(batch.pointee.datagrams), stride: batch.pointee.stride,
            lengths: batch.pointee.lengths, count: Int(count))
    }

    /// - Returns: how many replies could not be sent.
    mutating func send(_ descriptor: CInt, _ count: CInt) -> UInt64 {
        UInt64(unsafe cdatagram_batch_send(batch, descriptor, CUnsignedInt(count)))
    }

    /// Counts the replies by their response code, the low four bits of the header's fourth octet.
    func tally(_ count: CInt, lost: UInt64) -> UDPCounters.Values {
        var values = UDPCounters.Values()
        values.queries = UInt64(count)
        values.lost = lost
        for index in 0..<Int(count) {
            guard unsafe batch.pointee.lengths[index] > 0 else {
                values.dropped += 1
                continue
            }
            switch unsafe batch.pointee.datagrams[index * batch.pointee.stride + 3] & 0xf {
            case 0: values.noError += 1
            case 1: values.formatError += 1
            case 3: values.nameError += 1
            case 4: values.notImplemented += 1
            default: values.refused += 1
            }
        }
        return values
    }
}

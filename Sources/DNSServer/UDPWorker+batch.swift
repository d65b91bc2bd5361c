import CDatagram
import DNS

/// The memory of one worker: the datagrams it has taken, which become the replies that it sends.
///
/// Safe: the C side keeps all sizes; `answer` gets the room that ``FastAnswer`` asks for by construction.
///
/// Sendable, unchecked: it is made on one thread and from then on used by one other, the worker's, which ends before the
/// worker that owns both goes.
@safe struct DatagramBatch: ~Copyable, @unchecked Sendable {
    let batch: UnsafeMutablePointer<cdatagram_batch>

    /// What is received of one datagram, at least. Queries are much shorter; cutting a longer one makes it a format error.
    private static let room = 2048

    /// - Parameters:
    ///   - capacity: 1 to 1024, the most that a system call takes.
    ///   - longestReply: octets.
    init(capacity: Int, longestReply: Int) throws(NoMemory) {
        // The batch adds at least 64 octets to each datagram's room, which covers the slack.
        guard let capacity = CUnsignedInt(exactly: capacity),
            let batch = unsafe cdatagram_batch_create(capacity, max(Self.room, longestReply))
        else { throw NoMemory() }
        unsafe self.batch = batch
    }

    var capacity: Int { unsafe Int(batch.pointee.capacity) }

    deinit { unsafe cdatagram_batch_destroy(batch) }

    /// Waits for datagrams, after having looked for them `spins` times.
    ///
    /// - Returns: how many came, or an errno value, negated.
    func receive(_ descriptor: CInt, spins: UInt32) -> CInt {
        unsafe cdatagram_batch_receive(batch, descriptor, spins)
    }

    /// - Returns: how many replies were held back by the rate limit.
    func answer(_ count: CInt, _ answers: inout FastAnswer) -> UInt64 {
        let before = answers.limited
        unsafe answers.answer(
            UnsafeMutableRawPointer(batch.pointee.datagrams), stride: batch.pointee.stride,
            lengths: batch.pointee.lengths, sources: batch.pointee.sources, count: Int(count), at: .now)
        return answers.limited - before
    }

    /// - Returns: how many replies could not be sent.
    func send(_ descriptor: CInt, _ count: CInt, segmented: Bool) -> UInt64 {
        UInt64(unsafe cdatagram_batch_send(batch, descriptor, CUnsignedInt(count), segmented ? 1 : 0))
    }

    /// Counts the queries of the last batch that was answered, and the replies that lie in their places.
    func tally(_ count: CInt, _ answers: borrowing FastAnswer, limited: UInt64, lost: UInt64) -> QueryCounts {
        let forwarded = UInt64(answers.taken)
        var counts = QueryCounts()
        counts[.queries] = UInt64(count)
        counts[.limited] = limited
        counts[.lost] = lost
        counts[.forwarded] = forwarded
        for index in 0..<Int(count) {
            let length = unsafe Int(batch.pointee.lengths[index])
            guard length > 0 else {
                counts[.dropped] += 1
                continue
            }
            // Safe: each reply lies within the room of its datagram.
            let reply = unsafe UnsafeBufferPointer(
                start: batch.pointee.datagrams + index * batch.pointee.stride, count: length)
            unsafe counts.add(reply: reply.span, asked: answers.plainType(index))
        }
        counts[.dropped] -= forwarded
        return counts
    }
}

/// There is no memory for the datagrams of a worker.
package struct NoMemory: Error, Equatable, Sendable {}

import CDatagram
package import DNS
import Glibc
package import Logging
import Synchronization

/// A thread that answers the queries of one UDP socket.
///
/// It waits for datagrams in a system call, takes up to 64 at once, has them answered where they lie and sends the
/// replies with one more. Several workers share a port with a socket each.
package final class UDPWorker: Sendable {
    package struct Options: Sendable {
        /// How often to look for datagrams before the thread is put to sleep; 0: never.
        package var spins: UInt32
        /// Hand several replies to one client to the kernel as one message.
        package var sendsSegments: Bool

        package init(spins: UInt32 = 0, sendsSegments: Bool = false) {
            self.spins = spins
            self.sendsSegments = sendsSegments
        }
    }

    package let counters = UDPCounters()
    private let socket: UDPSocket
    private let table: AnswerTable
    private let recursion: Recursion?
    private let options: Options
    private let logger: Logger
    /// The thread's alone once it runs.
    private let batch: DatagramBatch
    private let isStopping = Atomic<Bool>(false)
    private let thread = Mutex<JoinableThread?>(nil)

    /// Datagrams taken at once. More than 8 gain nothing in system calls but give memory more time to arrive.
    package static let batchSize = 64

    /// Takes all the memory that the thread will need, so that it cannot be missing when queries come.
    ///
    /// - Parameter batchSize: 1 to 1024.
    /// - Throws: ``NoMemory``.
    package convenience init(
        socket: UDPSocket, table: AnswerTable, options: Options = Options(), logger: Logger, batchSize: Int = batchSize
    ) throws(NoMemory) {
        try self.init(
            socket: socket, table: table, recursion: nil, options: options, logger: logger, batchSize: batchSize)
    }

    /// - Parameter recursion: takes what the table cannot answer; `nil`: such queries are refused.
    init(
        socket: UDPSocket, table: AnswerTable, recursion: Recursion?, options: Options, logger: Logger,
        batchSize: Int = batchSize
    ) throws(NoMemory) {
        batch = try DatagramBatch(capacity: batchSize, longestReply: table.policy.largestPayload)
        self.socket = socket
        self.table = table
        self.recursion = recursion
        self.options = options
        self.logger = logger
    }

    /// Starts the thread; does nothing if it runs.
    ///
    /// - Throws: ``ThreadError`` if the system gives no thread.
    package func start() throws(ThreadError) {
        let result = thread.withLock { thread -> Result<Void, ThreadError> in
            guard thread == nil else { return .success(()) }
            do throws(ThreadError) {
                thread = try JoinableThread(name: "dns-udp") { [self] in serve() }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Stops the thread and waits until it has gone; the queries it has taken are answered. Cannot be started again.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        socket.shutDown()
        thread.withLock { $0.take() }?.join()
    }

    private func serve() {
        var answers = FastAnswer(table: table, capacity: batch.capacity)
        answers.offer = recursion.map { recursion in
            { [self] datagram, question in offer(question, from: datagram, to: recursion) }
        }
        var clients = recursion.map { RecursionClients.View($0.clients) }
        while !isStopping.load(ordering: .acquiring) {
            let count = batch.receive(socket.descriptor, spins: options.spins)
            guard count >= 0 else {
                pauseAfterError(-count)
                continue
            }
            let limited = batch.answer(count, &answers)
            clients?.refresh()
            if let clients { batch.markRecursionAvailable(count, except: answers.signed) { clients.allows($0) } }
            let lost = batch.send(socket.descriptor, count, segmented: options.sendsSegments)
            counters.add(batch.tally(count, answers, limited: limited, lost: lost))
        }
    }

    /// The reply is sent by this worker's socket, so that it comes from the address that was asked.
    private func offer(_ question: ForeignQuestion, from datagram: Int, to recursion: Recursion) -> Bool {
        let address = batch.returnAddress(datagram)
        return recursion.take(question) { [socket] reply in
            socket.reply(reply, to: address)
        }
    }

    /// A signal is nothing. Anything else, such as no memory in the kernel, is told and may pass.
    private func pauseAfterError(_ code: CInt) {
        guard code != EINTR else { return }
        logger.error(
            "cannot receive DNS queries, trying again",
            metadata: ["address": "\(socket.address)", "port": "\(socket.port)", "error": "\(SystemError.text(code))"])
        usleep(Self.pauseMicroseconds)
    }

    private static let pauseMicroseconds: useconds_t = 100_000
}

import DNS
import Forwarding
import Synchronization

/// Names outside our zones, for those who may ask for them: resolved by the recursors while others are answered.
final class Recursion: Sendable {
    let clients: RecursionClients
    let resolver: ForwardingResolver
    /// How many questions of each client are open.
    private let open = Mutex<[IPAddress: Int]>([:])
    private let thread = Mutex<JoinableThread?>(nil)

    /// The most that one client may have open, so that it cannot keep all others from being answered.
    static let clientCapacity = ForwardingResolver.capacity / 2

    init(_ resolver: ForwardingResolver, for clients: RecursionClients) {
        self.resolver = resolver
        self.clients = clients
    }

    /// Takes a question, if the client may have recursion.
    ///
    /// - Parameter reply: is given the whole reply, once, at any time and on any thread.
    /// - Returns: whether it was taken.
    func take(_ question: ForeignQuestion, reply: @escaping @Sendable ([UInt8]) -> Void) -> Bool {
        guard let client = question.client, clients.allow(client) else { return false }
        guard enter(client) else {
            reply(question.reply(for: .busy))
            return true
        }
        let isOpen = resolver.resolve(question.name, question.type) { [self] answer in
            leave(client)
            reply(answer.map(question.reply) ?? question.reply(for: .noRecursor))
        }
        if !isOpen {
            leave(client)
            reply(question.reply(for: .busy))
        }
        return true
    }

    private func enter(_ client: IPAddress) -> Bool {
        open.withLock { open in
            guard open[client, default: 0] < Self.clientCapacity else { return false }
            open[client, default: 0] += 1
            return true
        }
    }

    private func leave(_ client: IPAddress) {
        open.withLock { open in
            guard let count = open[client] else { return }
            open[client] = count > 1 ? count - 1 : nil
        }
    }

    /// - Throws: ``ThreadError``.
    func start() throws(ThreadError) {
        let started = try JoinableThread(name: "dns-recursion") { [resolver] in resolver.serve() }
        thread.withLock { $0 = started }
    }

    /// Fails what is open, and waits until that is done.
    func stop() {
        resolver.stop()
        thread.withLock { $0.take() }?.join()
    }
}

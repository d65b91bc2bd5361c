package import DNS
package import Logging
import Synchronization

/// Has names of other people's zones resolved by recursors, and remembers what they said.
///
/// Anybody may ask, from any thread, without ever waiting. One thread, whoever calls ``serve()``, does the work.
package final class ForwardingResolver: Sendable {
    /// Is called once, on the serving thread, with the answer; `nil` if nobody could tell.
    package typealias Completion = @Sendable (ForeignAnswer?) -> Void

    struct Request: Sendable {
        var name: DomainName
        var type: RecordType
        var completion: Completion
    }

    /// In the order in which they are asked.
    package let recursors: [ServerAddress]
    /// Questions that may be open at once.
    package static let capacity = 1000

    private let logger: Logger
    private let open = Atomic<Int>(0)
    private let inbox: Inbox<Request>

    /// - Parameter recursors: at least one.
    /// - Throws: ``ForwardingError``.
    package init(recursors: [ServerAddress], logger: Logger) throws(ForwardingError) {
        self.recursors = recursors
        self.logger = logger
        inbox = try Inbox()
    }

    /// Asks the recursors for records.
    ///
    /// - Returns: false, and nothing will happen, if too many questions are open or the resolver has stopped.
    package func resolve(_ name: DomainName, _ type: RecordType, completion: @escaping Completion) -> Bool {
        guard open.add(1, ordering: .relaxed).newValue <= Self.capacity,
            inbox.put(Request(name: name, type: type, completion: completion))
        else {
            open.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Works until ``stop()``; what is open then fails. For a thread of its own, once.
    package func serve() {
        let contexts = recursors.compactMap { recursor in
            do throws(ForwardingError) {
                return try UnboundContext(recursor)
            } catch {
                logger.error(
                    "recursor left out", metadata: ["recursor": "\(recursor)", "reason": "\(error)"])
                return nil
            }
        }
        var desk = ForwardingDesk(contexts)
        while let requests = inbox.take(orWakeFor: contexts.map(\.descriptor), every: desk.tickMilliseconds) {
            for request in requests { desk.begin(request) }
            desk.proceed()
            open.subtract(desk.takeFinished(), ordering: .relaxed)
        }
        desk.giveUp()
        for request in inbox.takeRest() { request.completion(nil) }
    }

    /// Ends ``serve()`` soon.
    package func stop() { inbox.close() }
}

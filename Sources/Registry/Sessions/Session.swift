/// What a client holds locks with, for as long as it is alive: its node and the checks it names must be well, and it must
/// renew the session in time where that has a time to live.
package struct Session: Hashable, Sendable {
    /// What becomes of the keys it has locked when it ends.
    package enum Behavior: String, CaseIterable, Sendable {
        /// They stay, and nobody holds their locks.
        case release
        case delete
    }

    package struct TimeToLive: Hashable, Sendable {
        /// As its creator wrote it, such as `90s`.
        package var text: String
        package var duration: Duration

        package init(text: String, duration: Duration) {
            self.text = text
            self.duration = duration
        }
    }

    package static let usualLockDelay = Duration.seconds(15)
    package static let lockDelays = Duration.zero...Duration.seconds(86400)
    package static let timesToLive = Duration.seconds(10)...Duration.seconds(86400)

    /// A UUID in lower-case text form.
    package var id: SessionID
    package var name: String
    package var node: NodeName
    /// How long nobody may take over the locks that it lost; 0: not at all.
    package var lockDelay: Duration
    package var behavior: Behavior
    /// `nil`: it need not be renewed.
    package var timeToLive: TimeToLive?
    /// Checks of its node and of instances on it, none of which may turn critical or go away.
    package var nodeChecks: [CheckID]
    package var serviceChecks: [CheckID]

    package init(
        id: SessionID, name: String = "", node: NodeName, lockDelay: Duration = Session.usualLockDelay,
        behavior: Behavior = .release, timeToLive: TimeToLive? = nil, nodeChecks: [CheckID] = [],
        serviceChecks: [CheckID] = []
    ) {
        self.id = id
        self.name = name
        self.node = node
        self.lockDelay = lockDelay
        self.behavior = behavior
        self.timeToLive = timeToLive
        self.nodeChecks = nodeChecks
        self.serviceChecks = serviceChecks
    }

    /// The check by which a Consul agent says that its node is alive, and to which sessions are bound if nothing else is
    /// said. Where there is no such check, the node's being registered says as much.
    package static let nodeHealthCheck: CheckID = "serfHealth"

    /// The checks it cannot do without.
    var boundChecks: [CheckKey] {
        (nodeChecks + serviceChecks).map { CheckKey(node: node, id: $0) }
    }
}

package typealias SessionID = String

/// Every write that sessions know.
package enum SessionChange: Hashable, Sendable {
    /// Adds a session under a new id.
    case put(Session)
    /// Ends a session, with what its behavior says and its lock-delay. No such session: no change.
    case remove(SessionID)
}

/// A search for instances that is registered under a name of its own, and carried out for whoever asks by that name.
package struct PreparedQuery: Hashable, Sendable {
    package struct TimeToLive: Hashable, Sendable {
        /// As its creator wrote it, such as `10s`.
        package var text: String
        package var duration: Duration

        package init(text: String, duration: Duration) {
            self.text = text
            self.duration = duration
        }
    }

    /// Where else to look when nobody is found. Kept for whoever reads it: there is no other datacenter.
    package struct Failover: Hashable, Sendable {
        package var nearest: UInt32
        package var datacenters: [String]

        package init(nearest: UInt32 = 0, datacenters: [String] = []) {
            self.nearest = nearest
            self.datacenters = datacenters
        }
    }

    /// Which instances are looked for.
    package struct Search: Hashable, Sendable {
        package var service: String
        package var failover = Failover()
        /// Whether those with a warning are left out as well.
        package var onlyPassing = false
        /// Checks that do not count.
        package var ignoredChecks: [CheckID] = []
        /// The node whose instances come first; `_agent`: the one that is asked; `_ip`: the asker's.
        package var near = ""
        /// Tags that all of them have, or with `!` in front, that none has.
        package var tags: [String] = []
        package var nodeMeta: [String: String] = [:]
        package var serviceMeta: [String: String] = [:]

        package init(service: String) { self.service = service }
    }

    /// A UUID in lower-case text form.
    package var id: PreparedQueryID
    /// Of a template, what the names begin with that it answers for; compared without case.
    package var name: String
    /// The query goes when this session ends; `nil`: it stays.
    package var session: SessionID?
    /// Kept for whoever reads it: nobody needs one here.
    package var token: String
    package var template: QueryTemplate?
    package var search: Search
    /// Of answers over DNS; `nil`: what the service's have.
    package var timeToLive: TimeToLive?

    package init(
        id: PreparedQueryID, name: String = "", session: SessionID? = nil, token: String = "",
        template: QueryTemplate? = nil, search: Search, timeToLive: TimeToLive? = nil
    ) {
        self.id = id
        self.name = name
        self.session = session
        self.token = token
        self.template = template
        self.search = search
        self.timeToLive = timeToLive
    }
}

package typealias PreparedQueryID = String

/// Every write that prepared queries know.
package enum PreparedQueryChange: Hashable, Sendable {
    /// Adds a query, or replaces the one with its id.
    case put(PreparedQuery)
    case remove(PreparedQueryID)
}

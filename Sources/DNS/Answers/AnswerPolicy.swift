/// What is left to whoever runs the server to decide about its replies. Fixed while it runs.
package struct AnswerPolicy: Sendable {
    /// The longest reply over UDP, and what is advertised as our own limit: 512 to 4096 octets.
    ///
    /// The default fits every usual path unfragmented (DNS flag day 2020).
    package var largestPayload = 1232
    /// Who the server says it is; `nil`: it does not.
    package var identity: Identity?
    /// How many records of one name and type of a registry are answered at most, over any transport: 1 or more; `nil`: all.
    package var answerLimit: Int?
    /// How many replies of one kind the clients of one network get in a second from one thread; `nil`: all they ask for.
    package var rateLimit: Int?
    /// Whether clients on this host are held back too, who cannot forge addresses of others to any effect.
    package var limitsLoopback = false
    /// How long a TCP connection may be idle: what clients are told who ask (RFC 7828).
    package var idleTimeout = Duration.seconds(10)
    /// Whom queries may be signed by.
    package var keys: [TSIGKey] = []

    package init() {}

    /// For NSID (RFC 5001) and the names of class CH that ask the same.
    package struct Identity: Sendable, Equatable {
        /// At most 255 octets: `id.server`, `hostname.bind` and NSID.
        package var name: String
        /// At most 255 octets: `version.server` and `version.bind`.
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// `largestPayload` may not be outside of this.
    package static let payloads = EDNS.smallestPayload...4096
}

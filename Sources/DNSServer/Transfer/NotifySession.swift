import DNS
import Logging

/// What one server is told.
///
/// It hears of each zone once a second at most, however many changes there are, and one message at a time waits for its
/// answer. What is not acknowledged is said again, with the serial of then, at intervals that grow to a minute.
struct NotifySession {
    /// Between one round of messages and the next, at least.
    private static let pace = Duration.seconds(1)
    /// How long an answer is waited for.
    private static let patience = (first: Duration.seconds(1), longest: Duration.seconds(60))
    /// Without an answer to so many messages in a row the server is down, rather than a datagram lost.
    private static let silencesToWarnOf = 3

    let news = ZoneNews()
    private let server: NotifiedServer
    private let source: IPAddress
    private let key: TSIGKey?
    private let logger: Logger

    init(_ server: NotifiedServer, from source: IPAddress, key: TSIGKey?, logger: Logger) {
        self.server = server
        self.source = source
        self.key = key
        var logger = logger
        logger[metadataKey: "server"] = "\(server.address) port \(server.port)"
        self.logger = logger
    }

    /// Until the task is cancelled.
    func run() async {
        var patience = Self.patience.first
        var troubles: [DomainName: Trouble] = [:]
        for await _ in news.arrivals {
            var isHeard = true
            for soa in news.takeAll() {
                let outcome = await tell(soa, within: patience)
                if Task.isCancelled { return }
                if outcome == .silence {
                    news.putBack(soa)
                    isHeard = false
                }
                note(outcome, of: soa.owner, &troubles)
            }
            patience = isHeard ? Self.patience.first : min(patience * 2, Self.patience.longest)
            do { try await Task.sleep(for: Self.pace) } catch { return }
        }
    }

    /// A server that cannot be reached is one that is silent.
    private func tell(_ soa: RRSet, within patience: Duration) async -> NotifyExchange.Outcome {
        do {
            return try await NotifyExchange(soa, key).perform(with: server, from: source, within: patience)
        } catch {
            logger.debug("secondary cannot be reached", metadata: ["error": "\(error)"])
            // Only cancellation ends this early, and whoever called looks for that.
            try? await Task.sleep(for: patience)
            return .silence
        }
    }

    /// The refusals of RFC 1035 4.1.1 and RFC 2136 2.2.
    private static let words: [UInt8: String] = [1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH"]

    /// What has gone wrong with one zone since it last went well.
    private struct Trouble {
        var silences = 0
        var refusal: UInt8?
    }

    /// Says once what is wrong, and once that it is right again.
    private func note(
        _ outcome: NotifyExchange.Outcome, of zone: DomainName, _ troubles: inout [DomainName: Trouble]
    ) {
        var trouble = troubles[zone] ?? Trouble()
        switch outcome {
        case .acknowledged:
            let wasTold = trouble.refusal != nil || trouble.silences >= Self.silencesToWarnOf
            logger.log(level: wasTold ? .notice : .debug, "secondary notified", metadata: ["zone": "\(zone)"])
            troubles[zone] = nil
            return
        case .refused(let code):
            logger.log(
                level: trouble.refusal == code ? .debug : .warning,
                "secondary refuses to be notified; it must name this server as a primary of the zone, and its key",
                metadata: ["zone": "\(zone)", "rcode": "\(Self.words[code] ?? "\(code)")"])
            trouble.refusal = code
        case .silence:
            trouble.silences += 1
            if trouble.silences == Self.silencesToWarnOf {
                logger.warning("secondary does not answer notifications", metadata: ["zone": "\(zone)"])
            }
        }
        troubles[zone] = trouble
    }
}

import DNS
import Logging
import Synchronization

/// Logs why transfers are refused: each asker's reason for everybody to see once, and again at debug level alone, since a
/// secondary tries again for ever.
final class TransferRefusals: Sendable {
    enum Reason: String {
        case address = "transfer-to does not name this address"
        case signature = "the signature does not hold: another key, another secret, or clocks that differ"
        case key = "transfer-to wants this address to sign with another key"
        case zone = "there is no such zone here"
        case notWhole = "the zone is still being put together after the start; it may try again"
        case busy = "too many transfers at once; it may try again"
    }

    private struct Refusal: Hashable {
        var peer: IPAddress
        var zone: DomainName
        var reason: Reason
    }

    /// Beyond these, which strangers can fill, only debug level hears of more.
    private static let most = 100

    private let told = Mutex<Set<Refusal>>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func note(_ reason: Reason, _ zone: DomainName, from peer: IPAddress) {
        let isNews = told.withLock { told in
            told.count < Self.most && told.insert(Refusal(peer: peer, zone: zone, reason: reason)).inserted
        }
        logger.log(
            level: isNews ? .warning : .debug, "zone transfer refused",
            metadata: ["zone": "\(zone)", "peer": "\(peer)", "reason": "\(reason.rawValue)"])
    }
}

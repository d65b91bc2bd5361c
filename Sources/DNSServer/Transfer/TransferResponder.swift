package import DNS
import HashTreeCollections
import Logging

/// Who may have whole zones.
package struct TransferRule: Hashable, Sendable {
    package var addresses: IPPrefix
    /// The key that must sign the request; `nil`: it need not be signed.
    package var key: DomainName?

    package init(addresses: IPPrefix, key: DomainName? = nil) {
        self.addresses = addresses
        self.key = key
    }
}

/// Answers AXFR and IXFR over TCP (RFC 5936, RFC 1995).
struct TransferResponder: Sendable {
    private let rules: [TransferRule]
    private let keys: [TSIGKey]
    private let zones: TransferZones
    private let places: TransferPlaces
    private let refusals: TransferRefusals
    private let logger: Logger

    init(_ secondaries: Secondaries, _ zones: TransferZones, logger: Logger) {
        rules = secondaries.allowed
        keys = secondaries.keys
        self.zones = zones
        places = TransferPlaces(secondaries.transfersAtOnce)
        refusals = TransferRefusals(logger: logger)
        self.logger = logger
    }

    /// Answers requests for zones, and leaves all other queries to `answer`.
    func answering(else answer: @escaping TCPAnswering) -> TCPAnswering {
        { query, client, later in
            client.flatMap { outcome(of: query, from: $0) } ?? answer(query, client, later)
        }
    }

    /// - Returns: `nil` for whatever is no request for a zone that this asker may have: that is answered, or refused, as
    ///   any other query.
    private func outcome(of query: [UInt8], from peer: IPAddress) -> TCPOutcome? {
        guard TransferRequest.isAsked(by: query) else { return nil }
        let signed = SignedMessage(query)
        guard let request = TransferRequest(signed?.unsigned ?? query) else { return nil }
        var signer: TSIGSigner?
        do {
            signer = try signed?.verify(keys)
        } catch {
            refusals.note(.signature, request.zone, from: peer)
            return nil
        }
        if let reason = refusal(of: peer, signer) {
            refusals.note(reason, request.zone, from: peer)
            return nil
        }
        guard !zones.isWithheld(request.zone) else {
            return failure(.notWhole, request, from: peer, &signer)
        }
        guard let history = zones.history(of: request.zone) else {
            refusals.note(.zone, request.zone, from: peer)
            return nil
        }
        guard let place = places.take() else { return failure(.busy, request, from: peer, &signer) }
        logger.debug(
            "zone transfer",
            metadata: ["zone": "\(request.zone)", "peer": "\(peer)", "serial": "\(history.version.soa.serial)"])
        return .transfer(TransferMessages(request, Self.sets(of: history, request.kind), signer, place))
    }

    /// Whoever may have the zone, but not now, comes again (RFC 1996 4.8 has no other word for it than for a dead server).
    private func failure(
        _ reason: TransferRefusals.Reason, _ request: TransferRequest, from peer: IPAddress, _ signer: inout TSIGSigner?
    ) -> TCPOutcome {
        refusals.note(reason, request.zone, from: peer)
        let failure = request.serverFailure
        return .reply(signer?.sign(failure) ?? failure)
    }

    private func refusal(of peer: IPAddress, _ signer: TSIGSigner?) -> TransferRefusals.Reason? {
        let own = rules.filter { $0.addresses.contains(peer) }
        guard !own.isEmpty else { return .address }
        return own.contains { $0.key == nil || $0.key == signer?.keyName } ? nil : .key
    }

    private static func sets(of history: ZoneHistory, _ kind: TransferRequest.Kind) -> AnySequence<RRSet> {
        let soa = history.version.soa
        if case .changes(let serial) = kind {
            // Whoever is up to date, or ahead, is told so by the serial alone (RFC 1995 2, RFC 1982 3.2).
            if Int32(bitPattern: serial &- soa.serial) >= 0 { return AnySequence([soa]) }
            if let deltas = history.deltas(since: serial) {
                let changes = deltas.lazy.flatMap { [[$0.from], $0.removed, [$0.to], $0.added].joined() }
                return AnySequence([AnySequence([soa]), AnySequence(changes), AnySequence([soa])].joined())
            }
        }
        let whole = history.version.sets.values.lazy.flatMap(\.self)
        return AnySequence([AnySequence([soa]), AnySequence(whole), AnySequence([soa])].joined())
    }
}

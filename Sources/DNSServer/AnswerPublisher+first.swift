import DNS
import Registry
import Synchronization

/// The first catalog: all at once where it is small, else little by little and as it is asked for.
extension AnswerPublisher {
    /// Services at a time: who changes something meanwhile waits for them.
    private static let portion = 200

    func observationDidBegin(with snapshot: CatalogSnapshot) {
        var names = CatalogDelta(index: snapshot.index)
        if snapshot.serviceCount > manyServices {
            published.withLock { begin(with: snapshot, &$0) }
            names.nodes = Set(snapshot.nodes.map(\.node.value.name))
        } else {
            names = snapshot.names
        }
        catalogDidChange(from: CatalogSnapshot(), to: snapshot, delta: names)
    }

    private func begin(with snapshot: CatalogSnapshot, _ published: inout Published) {
        published.first = FirstCatalog(snapshot)
        published.index = snapshot.index
        published.awaitsIndex = false
        // Every record of this serial is there for whoever asks, but not for who asks for all of them.
        published.shownIndex = snapshot.index
        table.setSOA(zone.soa(at: snapshot.index))
        transfers?.withhold(zone.agent.domain)
        table.beginLoading { [weak self] in self?.publishNow($0) }
    }

    /// - Returns: whether there may be more.
    func publishNext() -> Bool {
        publishFirst { $0.take(min(manyServices, Self.portion)) }
        return published.withLock { !$0.first.isEmpty }
    }

    /// Publishes the service that a name is of, if it is not published yet.
    func publishNow(_ name: DomainName) {
        guard let service = supplement.service(of: name) else { return }
        publishFirst { $0.take(service) }
    }

    private func publishFirst(_ take: (inout FirstCatalog) -> CatalogDelta?) {
        let nothing = CatalogSnapshot()
        let due: (delta: CatalogDelta, snapshot: CatalogSnapshot)? = published.withLock { published in
            guard !published.first.isEmpty, let delta = take(&published.first) else { return nil }
            let snapshot = published.first.latest
            supplement.update(from: nothing, to: snapshot, delta)
            publish(from: nothing, to: snapshot, delta, &published)
            settle(delta.services, &published)
            if published.first.isEmpty { end(&published) }
            return (delta, snapshot)
        }
        if let due { tell(of: due.delta, from: nothing, to: due.snapshot) }
    }

    private func end(_ published: inout Published) {
        table.endLoading()
        published.shownIndex = nil
        publishSerial(&published)
    }
}

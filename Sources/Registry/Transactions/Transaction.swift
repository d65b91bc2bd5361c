import Synchronization

/// Operations that are done in order and all together, or not at all.
package struct Transaction: Sendable {
    package enum Operation: Sendable {
        case key(KeyOperation)
        case catalog(CatalogOperation)
        /// What cannot be done, for this reason.
        case impossible(String)
    }

    package enum Result: Hashable, Sendable {
        case key(KeyEntry)
        /// Of a write or a check: the reader knows the value.
        case keyWithoutValue(KeyEntry)
        case node(Indexed<Node>)
        case service(Indexed<ServiceInstance>)
        /// A check, and the instance it belongs to; `nil`: to its node.
        case check(Indexed<HealthCheck>, of: ServiceInstance?)
    }

    package enum Outcome: Sendable {
        case done([Result])
        /// At least one; nothing was changed.
        case failed([TransactionFault])
    }

    package var operations: [Operation]

    package init(_ operations: [Operation]) { self.operations = operations }

    /// Whether it changes nothing, whatever the catalog says.
    package var isReadOnly: Bool {
        operations.allSatisfy { operation in
            switch operation {
            case .key(let operation): operation.isRead
            case .catalog(let operation): operation.isRead
            case .impossible: true
            }
        }
    }

    /// Does all operations to a copy of a catalog, each of which sees what those before it did.
    ///
    /// - Returns: the changes that the catalog itself needs for that; none if one of the operations failed.
    package func evaluate(on snapshot: CatalogSnapshot) -> (changes: [CatalogChange], outcome: Outcome) {
        var state = CatalogState(snapshot)
        var (changes, results, faults): ([CatalogChange], [Result], [TransactionFault]) = ([], [], [])
        for (position, operation) in operations.enumerated() {
            do throws(TransactionFault.Reason) {
                if let change = try operation.change(in: state.snapshot) {
                    do throws(CatalogError) {
                        _ = try state.apply(change, at: state.snapshot.index + 1)
                    } catch {
                        throw .impossible(error.description)
                    }
                    changes.append(change)
                }
                results += operation.results(in: state.snapshot)
            } catch {
                faults.append(TransactionFault(operation: position, reason: error))
            }
        }
        return faults.isEmpty ? (changes, .done(results)) : ([], .failed(faults))
    }
}

/// Why one operation of a transaction failed.
package struct TransactionFault: Error, Hashable, Sendable {
    package enum Reason: Error, Hashable, Sendable {
        /// The catalog is not as the operation wants it: another writer was first. A sentence.
        case conflict(String)
        /// The operation makes no sense. A sentence.
        case impossible(String)

        package var sentence: String {
            switch self {
            case .conflict(let sentence), .impossible(let sentence): sentence
            }
        }
    }

    /// The number of the operation, from 0.
    package var operation: Int
    package var reason: Reason
}

extension Transaction.Operation {
    /// What the operation changes; `nil`: nothing.
    fileprivate func change(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) -> CatalogChange? {
        switch self {
        case .key(let operation): try operation.change(in: snapshot).map { .key($0) }
        case .catalog(let operation): try operation.change(in: snapshot)
        case .impossible(let reason): throw .impossible(reason)
        }
    }

    /// What the operation answers after its change.
    fileprivate func results(in snapshot: CatalogSnapshot) -> [Transaction.Result] {
        switch self {
        case .key(let operation): operation.results(in: snapshot)
        case .catalog(let operation): operation.result(in: snapshot).map { [$0] } ?? []
        case .impossible: []
        }
    }
}

extension Registry {
    /// Does a transaction: what it changes is durable and visible when this returns, and nobody else's change came between
    /// its operations.
    ///
    /// - Throws: ``RegistryError``. After ``RegistryError/storage(_:)`` nothing was changed and the call may be repeated.
    package func perform(_ transaction: Transaction) async throws(RegistryError) -> Transaction.Outcome {
        if transaction.isReadOnly { return transaction.evaluate(on: snapshot).outcome }
        // What the last evaluation said: it is evaluated again if another writer of the journal was faster.
        let outcome = Decided()
        try await submit { snapshot in
            let (changes, result) = transaction.evaluate(on: snapshot)
            outcome.set(result)
            return changes
        }
        return outcome.value
    }
}

/// Carries an outcome from the writer to whoever waits for it.
private final class Decided: Sendable {
    private let outcome = Mutex(Transaction.Outcome.done([]))

    var value: Transaction.Outcome { outcome.withLock { $0 } }

    func set(_ outcome: Transaction.Outcome) { self.outcome.withLock { $0 = outcome } }
}

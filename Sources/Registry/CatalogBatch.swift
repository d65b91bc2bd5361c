/// Submissions applied one after the other to a copy of the catalog, each of them wholly or not at all.
struct CatalogBatch {
    private(set) var state: CatalogState
    /// The changes that had an effect, with the indexes they got.
    private(set) var entries: [JournalEntry] = []
    private(set) var delta: CatalogDelta
    /// For each submission the catalog's index after it, or why it was refused.
    private(set) var answers: [Result<UInt64, RegistryError>] = []

    /// - Parameter decisions: each sees what those before it did.
    init(_ decisions: some Collection<CatalogDecision>, appliedTo state: CatalogState) {
        self.state = state
        delta = CatalogDelta(index: state.snapshot.index)
        answers.reserveCapacity(decisions.count)
        for decide in decisions {
            do {
                try apply(decide(self.state.snapshot))
                answers.append(.success(self.state.snapshot.index))
            } catch {
                answers.append(.failure(.refused(error)))
            }
        }
    }

    /// What the entries weigh in the journal.
    var weight: Int { entries.reduce(0) { $0 + $1.change.weight } }

    private mutating func apply(_ changes: [CatalogChange]) throws(CatalogError) {
        // One change is all or nothing by itself; keeping a copy would only make its edits slower.
        let before = changes.count > 1 ? state : nil
        let entryCount = entries.count
        var touched = CatalogDelta(index: state.snapshot.index)
        for change in changes {
            let position = state.snapshot.index + 1
            do {
                let part = try state.apply(change, at: position)
                guard !part.isEmpty else { continue }
                touched.merge(part)
                entries.append(JournalEntry(position: position, change: change))
            } catch {
                if let before { state = before }
                entries.removeSubrange(entryCount...)
                throw error
            }
        }
        delta.merge(touched)
    }
}

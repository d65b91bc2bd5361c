/// How far a session has come with the containers of its first listing.
struct FirstPass {
    /// Those to be looked at yet; `nil` before the listing.
    private var left: Set<String>?

    var hasBegun: Bool { left != nil }

    /// Notes a listing; only the first one counts.
    ///
    /// - Returns: whether there is nothing to look at, so that the pass is complete.
    mutating func begin(with containers: Set<String>) -> Bool {
        guard left == nil else { return false }
        left = containers
        return containers.isEmpty
    }

    /// Notes what was dealt with. A container that the engine cannot describe counts, for it may never describe it; one
    /// that could not be asked about because the engine is gone, or that could not be stored, does not.
    ///
    /// - Parameter failed: those among them that must be looked at again.
    /// - Returns: whether this completes the pass.
    mutating func advance(past inspected: [String: Inbox.Inspection], failed: Set<String>) -> Bool {
        guard let left, !left.isEmpty else { return false }
        let done = inspected.filter { id, inspection in
            if case .failed(let error) = inspection { !error.isUnreachable } else { !failed.contains(id) }
        }
        self.left = left.subtracting(done.keys)
        return self.left?.isEmpty == true
    }
}

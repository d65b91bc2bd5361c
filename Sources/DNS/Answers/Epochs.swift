import Synchronization

/// Quiescent-state reclamation: when may the writer free memory that readers were able to see?
///
/// A reader announces the epoch it found when it starts to look (``EpochCell/enter(_:)``) and says so when it is done.
/// The writer unlinks a block, notes the epoch, advances the epoch, and frees the block when every reader that is
/// looking started in a later one: such a reader cannot have found the block.
final class Epochs: Sendable {
    private let current = Atomic<UInt64>(1)
    private let cells = Mutex<[EpochCell]>([])

    /// The epoch that a block unlinked now belongs to.
    var now: UInt64 { current.load(ordering: .acquiring) }

    /// Starts a new epoch.
    ///
    /// - Returns: the oldest epoch that a reader may still be looking in; all memory unlinked before it is free.
    func advance() -> UInt64 {
        current.add(1, ordering: .acquiringAndReleasing)
        // Pairs with the fence in `enter`: either we see the reader's cell, or the reader sees what we unlinked.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return cells.withLock { cells in cells.reduce(now) { min($0, $1.epoch ?? .max) } }
    }

    func makeCell() -> EpochCell {
        let cell = EpochCell()
        cells.withLock { $0.append(cell) }
        return cell
    }

    func discard(_ cell: EpochCell) {
        cells.withLock { cells in cells.removeAll { $0 == cell } }
        cell.deallocate()
    }

    /// The reader's half of a look: announces it.
    @inline(__always)
    func enter(_ cell: EpochCell) {
        cell.store(current.load(ordering: .acquiring))
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }
}

/// One reader's announcement, alone on its cache line so that readers do not slow each other down.
///
/// Safe to use: made by ``Epochs/makeCell()`` and valid until ``Epochs/discard(_:)``, which its one owner calls last.
/// Sendable: all that is behind the pointer is one atomic word.
@safe struct EpochCell: Equatable, @unchecked Sendable {
    private let word: UnsafeMutablePointer<Atomic<UInt64>>
    private static let cacheLine = 128  // lines are fetched in pairs

    fileprivate init() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.cacheLine, alignment: Self.cacheLine)
        unsafe word = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    static func == (left: EpochCell, right: EpochCell) -> Bool { unsafe left.word == right.word }

    /// The epoch its reader looks in; `nil` while it does not look.
    fileprivate var epoch: UInt64? {
        let epoch = unsafe word.pointee.load(ordering: .acquiring)
        return epoch == 0 ? nil : epoch
    }

    @inline(__always)
    fileprivate func store(_ epoch: UInt64) {
        unsafe word.pointee.store(epoch, ordering: .releasing)
    }

    /// The reader's other half: nothing it found is used any more.
    @inline(__always)
    func leave() { unsafe word.pointee.store(0, ordering: .releasing) }

    fileprivate func deallocate() { unsafe word.deallocate() }
}

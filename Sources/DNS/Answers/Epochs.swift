import Synchronization

/// Quiescent-state reclamation: when may the writer free memory that readers were able to see?
///
/// A reader announces the epoch it found when it starts to look (``EpochCell/enter()``) and says so when it is done.
/// The writer unlinks a block, notes the epoch, advances the epoch, and frees the block when every reader that is
/// looking started in a later one: such a reader cannot have found the block.
final class Epochs: Sendable {
    private let current = EpochWord(1)
    private let cells = Mutex<[EpochCell]>([])

    deinit { current.deallocate() }

    /// The epoch that a block unlinked now belongs to.
    var now: UInt64 { current.value }

    /// Starts a new epoch.
    ///
    /// - Returns: the oldest epoch that a reader may still be looking in; all memory unlinked before it is free.
    func advance() -> UInt64 {
        current.increment()
        // Pairs with the fence in `enter`: either we see the reader's cell, or the reader sees what we unlinked.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return cells.withLock { cells in cells.reduce(now) { min($0, $1.epoch ?? .max) } }
    }

    func makeCell() -> EpochCell {
        let cell = EpochCell(current: current)
        cells.withLock { $0.append(cell) }
        return cell
    }

    func discard(_ cell: EpochCell) {
        cells.withLock { cells in cells.removeAll { $0 == cell } }
        cell.deallocate()
    }
}

/// One reader's announcement.
///
/// It knows the current epoch's word by itself: asking ``Epochs`` would cost a retain and a release for each look. Valid
/// until ``Epochs/discard(_:)``, which its one owner calls last, while it still holds the ``Epochs``.
struct EpochCell: Equatable, Sendable {
    private let current: EpochWord
    private let word = EpochWord(0)

    fileprivate init(current: EpochWord) { self.current = current }

    /// The epoch its reader looks in; `nil` while it does not look.
    fileprivate var epoch: UInt64? {
        let epoch = word.value
        return epoch == 0 ? nil : epoch
    }

    /// The reader's half of a look: announces it.
    @inline(__always)
    func enter() {
        word.store(current.value)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }

    /// The reader's other half: nothing it found is used any more.
    @inline(__always)
    func leave() { word.store(0) }

    fileprivate func deallocate() { word.deallocate() }
}

/// An atomic number, alone on its cache line so that readers do not slow each other down.
///
/// Safe to use: valid until its one owner deallocates it. Sendable: all that is behind the pointer is one atomic word.
@safe private struct EpochWord: Equatable, @unchecked Sendable {
    private let word: UnsafeMutablePointer<Atomic<UInt64>>
    private static let cacheLine = 128  // lines are fetched in pairs

    init(_ value: UInt64) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.cacheLine, alignment: Self.cacheLine)
        unsafe word = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        unsafe word.initialize(to: Atomic(value))
    }

    static func == (left: EpochWord, right: EpochWord) -> Bool { unsafe left.word == right.word }

    @inline(__always)
    var value: UInt64 { unsafe word.pointee.load(ordering: .acquiring) }

    @inline(__always)
    func store(_ value: UInt64) { unsafe word.pointee.store(value, ordering: .releasing) }

    func increment() { unsafe word.pointee.add(1, ordering: .acquiringAndReleasing) }

    func deallocate() { unsafe word.deallocate() }
}

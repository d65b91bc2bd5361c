/// Memory that no reader can find any more but some may still be looking at, in the order in which it was unlinked.
struct Limbo {
    /// A block of memory that is freed exactly once, by the writer.
    @safe struct Block {
        let memory: UnsafeMutableRawPointer
        let octets: Int

        func deallocate() { unsafe memory.deallocate() }
    }

    private var blocks: [(block: Block, epoch: UInt64)] = []
    /// Blocks from this one on were unlinked since the last ``reclaim(_:)`` and have no epoch yet.
    private var firstNew = 0
    private var octets = 0
    /// Reclaiming is put off until it is worth a look at all the readers.
    private var enough = Limbo.patience

    private static let patience = 64
    private static let octetsOfPatience = 1 << 18

    mutating func add(_ block: Block) {
        blocks.append((block, 0))
        octets += block.octets
    }

    /// Frees what was unlinked before every look that is still going on. To be called when all that was added is really
    /// out of the readers' sight.
    mutating func reclaim(_ epochs: Epochs) {
        let epoch = epochs.now
        for index in firstNew..<blocks.count { blocks[index].epoch = epoch }
        firstNew = blocks.count
        guard blocks.count >= enough || octets > Self.octetsOfPatience else { return }
        let oldest = epochs.advance()
        let free = blocks.firstIndex { $0.epoch >= oldest } ?? blocks.count
        for index in 0..<free { blocks[index].block.deallocate() }
        blocks.removeFirst(free)
        firstNew = blocks.count
        octets = 0
        // With a reader that looks for long, what is left is not looked through again for every change.
        enough = max(Self.patience, blocks.count * 2)
    }

    mutating func deallocate() {
        for (block, _) in blocks { block.deallocate() }
        blocks = []
    }
}

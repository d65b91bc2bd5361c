import Synchronization

/// Room for a number of transfers at a time: each keeps its zone in memory as it was when it began.
final class TransferPlaces: Sendable {
    /// A transfer's place, which is free again when nobody holds this any more.
    final class Place: Sendable {
        private let places: TransferPlaces

        fileprivate init(_ places: TransferPlaces) { self.places = places }

        deinit { places.free.withLock { $0 += 1 } }
    }

    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// - Returns: `nil` if all are taken.
    func take() -> Place? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Place(self) : nil
    }
}

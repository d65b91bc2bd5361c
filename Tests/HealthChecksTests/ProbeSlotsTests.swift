import Synchronization
import Testing

@testable import HealthChecks

@Suite struct `Slots for probes` {
    @Test func `never more run than there are slots, and all run in the end`() async {
        let slots = ProbeSlots(3)
        let counts = Counts()
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    await slots.run {
                        let now = counts.running.add(1, ordering: .sequentiallyConsistent).newValue
                        counts.most.max(now, ordering: .sequentiallyConsistent)
                        for _ in 0..<10 { await Task.yield() }
                        counts.running.subtract(1, ordering: .sequentiallyConsistent)
                        counts.total.add(1, ordering: .sequentiallyConsistent)
                    }
                }
            }
        }
        #expect(counts.most.load(ordering: .sequentiallyConsistent) == 3)
        #expect(counts.total.load(ordering: .sequentiallyConsistent) == 50)
    }
}

private final class Counts: Sendable {
    let running = Atomic(0)
    let most = Atomic(0)
    let total = Atomic(0)
}

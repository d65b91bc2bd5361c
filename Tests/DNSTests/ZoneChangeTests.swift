import Synchronization
import Testing

@testable import DNS

@Suite(.timeLimit(.minutes(2))) struct `A zone that changes` {
    private final class Progress: Sendable {
        let isDone = Atomic(false)
        let looks = Atomic(0)
    }

    /// Every third version is that the zone is not there.
    private static func isAbsent(_ version: Int) -> Bool { version % 3 == 2 }

    private static let names = (0..<100).map { "h\($0).example." }

    /// The zone and its names, all of which tell the version by their TTL.
    private static func zone(_ version: Int) -> (Zone, [OwnerRecords]) {
        let soa = PlainText.sets("example. \(version) SOA ns1.example. admin.example. \(version) 7200 900 604800 300")[
            0]
        return (
            Zone(apex: soa.owner, source: .masterFile, soa: soa),
            names.map { Sample.names("\($0) \(version) A 192.0.2.1") }
        )
    }

    private static func publish(_ version: Int, in table: AnswerTable) {
        let last = isAbsent(version - 1) ? [] : names.map(PlainText.name)
        guard !isAbsent(version) else { return table.setZones([Sample.registry], removing: last) }
        let (zone, owners) = zone(version)
        // Of names that stay only the records change; every other version has half of them anew.
        let removed = version % 2 == 0 ? Array(last.prefix(50)) : []
        table.setZones([Sample.registry, zone], removing: removed, publishing: owners)
    }

    /// What one reader has seen so far: versions follow each other, and none comes back.
    private struct Sight {
        private var oldest = 0

        mutating func note(_ octets: [UInt8]?) {
            guard let reply = octets.flatMap(ReplyText.init) else {
                Issue.record("no reply")
                return
            }
            if reply.code == 5 {
                while !isAbsent(oldest) { oldest += 1 }
                return
            }
            let version = reply.answer.first.flatMap { Int($0.split(separator: " ")[1]) }
            guard let version, version >= oldest, !isAbsent(version) else {
                Issue.record("not a version, or an old one: \(reply.code) \(reply.answer) after \(oldest)")
                return
            }
            oldest = version
        }
    }

    @Test func `is at each look a whole version or not there, and never an old one again`() async {
        let table = AnswerTable(zones: [Sample.registry])
        Self.publish(0, in: table)
        let progress = Progress()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let queries = ["example. SOA", Self.names[0] + " A", Self.names[99] + " A"]
                        .map { QueryText($0).octets() }
                    var paths = BothPaths(table)
                    var sight = Sight()
                    repeat {
                        for query in queries {
                            let (full, fast, _) = paths.replies(to: query)
                            sight.note(full)
                            sight.note(fast)
                        }
                        progress.looks.add(1, ordering: .relaxed)
                        await Task.yield()
                    } while !progress.isDone.load(ordering: .acquiring)
                }
            }
            group.addTask {
                var version = 1
                while version < 60 || progress.looks.load(ordering: .relaxed) < 300 {
                    Self.publish(version, in: table)
                    version += 1
                    await Task.yield()
                }
                progress.isDone.store(true, ordering: .releasing)
            }
        }
    }
}

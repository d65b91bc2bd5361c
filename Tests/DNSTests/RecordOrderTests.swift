import TestSupport
import Testing

@testable import DNS

/// The records `A 10.0.x.y` of one name, numbered from 0, in an order.
private func numbered(_ count: Int, _ order: RecordOrder) -> OwnerRecords {
    var records = Sample.names(
        (0..<count).map { "ordered.service.consul. 1 A 10.0.\($0 >> 8).\($0 & 255)" }.joined(separator: "\n"))
    records.sets[0].order = order
    return records
}

private func table(_ records: OwnerRecords) -> AnswerTable {
    let table = AnswerTable(zones: [Sample.registry])
    table.publish(records)
    return table
}

extension BothPaths {
    /// The numbers of the addresses in a reply, which both paths give alike.
    fileprivate mutating func order(
        seed: UInt64, payloadSize: UInt16? = 1232, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Int] {
        let query = QueryText("ordered.service.consul. A", payloadSize: payloadSize).octets()
        let (full, fast, _) = replies(to: query, seed: seed &* 0x9e37_79b9_7f4a_7c15)
        #expect(full == fast, sourceLocation: sourceLocation)
        let reply = try #require(full)
        let count = Int(reply[6]) << 8 | Int(reply[7])
        let start = QueryText("ordered.service.consul. A").octets().count
        return (0..<count).map { Int(reply[start + $0 * 16 + 14]) << 8 | Int(reply[start + $0 * 16 + 15]) }
    }
}

@Suite struct `Records in the order of their weights (RFC 2782)` {
    @Test func `come first, second and third as often as their weights say`() throws {
        let weights: [UInt32] = [5, 3, 2]
        var paths = BothPaths(table(numbered(3, .weighted(weights))))
        var counts: [[Int]: Int] = [:]
        let rounds = 6000
        for round in 0..<rounds { counts[try paths.order(seed: UInt64(round)), default: 0] += 1 }
        let total = Double(weights.reduce(0, +))
        var chiSquare = 0.0
        for first in 0..<3 {
            for second in 0..<3 where second != first {
                let (a, b) = (Double(weights[first]), Double(weights[second]))
                let expected = Double(rounds) * a / total * b / (total - a)
                let count = Double(counts[[first, second, 3 - first - second]] ?? 0)
                chiSquare += (count - expected) * (count - expected) / expected
            }
        }
        // 5 degrees of freedom: above 50 less than once in 10^8 times; and the seeds are always the same.
        #expect(chiSquare < 50)
    }

    @Test(arguments: [[0, 0, 0, 0], [7, 7, 7, 7]] as [[UInt32]])
    func `are all as likely where all weights are equal, 0 too`(weights: [UInt32]) throws {
        var paths = BothPaths(table(numbered(4, .weighted(weights))))
        var counts: [[Int]: Int] = [:]
        for round in 0..<4800 as Range<UInt64> { counts[try paths.order(seed: round), default: 0] += 1 }
        let chiSquare = counts.values.reduce(0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
        // 23 degrees of freedom: above 90 less than once in 10^8 times.
        #expect(counts.count == 24 && chiSquare < 90)
    }

    @Test func `come last without a weight, beside others that have one`() throws {
        var paths = BothPaths(table(numbered(3, .weighted([0, 1000, 1000]))))
        for round in 0..<500 as Range<UInt64> {
            // By chance it is otherwise once in 4,000,000 times.
            #expect(try paths.order(seed: round).last == 0)
        }
    }

    @Test(arguments: [1, 2, 3, 8, 29, 40, 255, 256, 1000])
    func `are answered once each, alike on both paths, whatever the weights`(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let weights = (0..<count).map { _ in
            Bool.random(using: &generator) ? .max : UInt32.random(in: 0...9, using: &generator)
        }
        let records = numbered(count, .weighted(weights))
        let table = table(records)
        #expect(table.records(at: records.owner) == records)
        var paths = BothPaths(table)
        for seed in 0..<20 as Range<UInt64> {
            for size in [nil, 1232] as [UInt16?] {
                let order = try paths.order(seed: seed, payloadSize: size)
                #expect(Set(order).count == order.count)
                #expect(order.count == min(count, size == nil ? 29 : 73))
            }
        }
        let whole = try #require(table.answer(QueryText("ordered.service.consul. A").octets(), over: .tcp))
        #expect(try Set(#require(ReplyText(whole)).answer).count == count)
    }

    @Test func `are cut to a part that is another each time`() throws {
        var paths = BothPaths(table(numbered(40, .weighted((0..<40).map { $0 < 20 ? 1 : 10 }))))
        var counts = [Int](repeating: 0, count: 40)
        for seed in 0..<400 as Range<UInt64> {
            for number in try paths.order(seed: seed, payloadSize: nil) { counts[number] += 1 }
        }
        #expect(counts.allSatisfy { $0 > 0 })
        let (light, heavy) = (counts[..<20].reduce(0, +), counts[20...].reduce(0, +))
        #expect(light * 3 < heavy * 2)
    }

    @Test func `take their targets' addresses along`() throws {
        let table = Sample.table()
        var records = Sample.registryRecords[5]
        records.sets[1].order = .weighted([1, 50, 3])
        table.publish(records)
        try check(
            Case(
                query: "web.service.consul. SRV",
                answer: `Names of the registry zone`.webSRV.map { "web.service.consul. \($0)" },
                additional: `Names of the registry zone`.webTargets), of: table)
    }
}

@Suite struct `Records in a stable order` {
    @Test(arguments: [1, 5, 40, 300]) func `come as they were published, to everybody`(count: Int) throws {
        let records = numbered(count, .stable)
        let table = table(records)
        #expect(table.records(at: records.owner) == records)
        var paths = BothPaths(table)
        for seed in 0..<8 as Range<UInt64> {
            #expect(try paths.order(seed: seed) == Array(0..<min(count, 73)))
            #expect(try paths.order(seed: seed, payloadSize: nil) == Array(0..<min(count, 29)))
        }
    }

    @Test func `stay so when their zone has a new serial`() throws {
        let table = table(numbered(3, .stable))
        table.setZones([Sample.registry, Sample.file])
        var paths = BothPaths(table)
        for seed in 0..<20 as Range<UInt64> { #expect(try paths.order(seed: seed) == [0, 1, 2]) }
    }
}

import Synchronization
import Testing

@testable import DNS

@Suite struct `One writer and many readers` {
    private final class Progress: Sendable {
        let isDone = Atomic(false)
        let looks = Atomic(0)
    }

    private static let stable = "stable.service.consul."

    /// Every version of the churned name has records that agree with each other, so that a torn read shows.
    private func version(_ number: Int) -> OwnerRecords {
        let host = number & 255
        return Sample.names(
            (0..<(1 + number % 7)).map { "churn.service.consul. \(host) A 10.\(host).\(host).\($0)" }
                .joined(separator: "\n"))
    }

    /// The name is there with all records of one version, or not at all.
    private func isWhole(_ reply: ReplyText) -> Bool {
        guard reply.isAuthoritative, !reply.isTruncated else { return false }
        if reply.code == 3 { return reply.answer.isEmpty && reply.authority.count == 1 }
        guard reply.code == 0, let first = reply.answer.first else { return false }
        let timeToLive = first.split(separator: " ")[1]
        return reply.answer.allSatisfy { line in
            line.hasPrefix("churn.service.consul. \(timeToLive) A 10.\(timeToLive).\(timeToLive).")
        } && Set(reply.answer).count == reply.answer.count
    }

    @Test func `readers see whole answers, old or new, and never lose a name that stays`() async {
        let table = AnswerTable(zones: [Sample.registry])
        table.publish(Sample.names("\(Self.stable) 1 A 10.0.0.1"))
        let progress = Progress()
        await withTaskGroup(of: Void.self) { group in
            for reader in 0..<3 {
                group.addTask {
                    var paths = BothPaths(table)
                    let churned = QueryText("churn.service.consul. A", payloadSize: 1232).octets()
                    let kept = QueryText("\(Self.stable) A").octets()
                    var seed = UInt64(reader)
                    repeat {
                        seed += 1
                        let (full, fast, _) = paths.replies(to: churned, seed: seed)
                        for reply in [full, fast] {
                            guard let reply = reply.flatMap(ReplyText.init), isWhole(reply) else {
                                Issue.record("a torn answer")
                                continue
                            }
                        }
                        let (_, stable, _) = paths.replies(to: kept, seed: seed)
                        #expect(stable.flatMap(ReplyText.init)?.answer == ["\(Self.stable) 1 A 10.0.0.1"])
                        progress.looks.add(1, ordering: .relaxed)
                        // There may be fewer threads than readers, and the writer needs one too.
                        await Task.yield()
                    } while !progress.isDone.load(ordering: .acquiring)
                }
            }
            for _ in 0..<2 {
                // Over TCP each answer has a reader of its own.
                group.addTask {
                    let churned = QueryText("churn.service.consul. A").octets()
                    while !progress.isDone.load(ordering: .acquiring) {
                        let reply = table.answer(churned, over: .tcp).flatMap(ReplyText.init)
                        if reply.map(isWhole) != true { Issue.record("a torn answer over TCP") }
                        await Task.yield()
                    }
                }
            }
            group.addTask {
                var number = 0
                while number < 600 || progress.looks.load(ordering: .relaxed) < 300 {
                    table.publish(version(number))
                    // New names make the slots grow, and go again.
                    table.publish(Sample.names("n\(number).service.consul. 1 A 10.0.0.1"))
                    if number % 3 == 0 { table.remove(PlainText.name("churn.service.consul.")) }
                    if number >= 200 { table.remove(PlainText.name("n\(number - 200).service.consul.")) }
                    if number % 300 == 299 {
                        table.setZones(number % 600 == 299 ? [Sample.registry, Sample.file] : [Sample.registry])
                    }
                    number += 1
                    await Task.yield()
                }
                progress.isDone.store(true, ordering: .releasing)
            }
        }
    }

    @Test func `memory is freed when, and only when, no reader can be looking`() {
        let epochs = Epochs()
        let cell = epochs.makeCell()
        let unlinked = epochs.now
        #expect(epochs.advance() > unlinked)
        cell.enter()
        let seen = epochs.now
        #expect(epochs.advance() == seen)
        #expect(epochs.advance() == seen)
        cell.leave()
        #expect(epochs.advance() > seen)
        cell.enter()
        epochs.discard(cell)
        let now = epochs.now
        #expect(epochs.advance() > now)
    }
}

@Suite struct `Order of answers` {
    @Test func `every order of four is as likely as any other`() throws {
        let table = AnswerTable(zones: [Sample.registry])
        table.publish(Sample.names((1...4).map { "four.service.consul. 1 A 10.0.0.\($0)" }.joined(separator: "\n")))
        var paths = BothPaths(table)
        let query = QueryText("four.service.consul. A").octets()
        var counts: [[UInt8]: Int] = [:]
        let rounds = 4800
        for round in 0..<rounds {
            let (_, fast, wasPlain) = paths.replies(to: query, seed: UInt64(round) &* 0x9e37_79b9_7f4a_7c15)
            #expect(wasPlain)
            let reply = try #require(fast)
            counts[(0..<4).map { reply[query.count + $0 * 16 + 15] }, default: 0] += 1
        }
        #expect(counts.count == 24)
        let expected = Double(rounds) / 24
        let chiSquare = counts.values.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // 23 degrees of freedom: above 49.7 once in 1,000 times.
        #expect(chiSquare < 49.7)
    }

    @Test func `of many, every record comes first as often as any other`() throws {
        var random = RandomSource(seed: 9)
        var counts = [Int](repeating: 0, count: 50)
        for _ in 0..<50_000 {
            var draws = Draws()
            counts[draws.below(50, &random)] += 1
            counts[draws.below(50, &random)] += 1
        }
        let chiSquare = counts.reduce(0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
        // 49 degrees of freedom: above 85.4 once in 1,000 times.
        #expect(chiSquare < 85.4)
    }
}

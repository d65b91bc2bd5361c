import DNS
import Registry
import Testing

@testable import DNSServer

/// One of Consul's own tests of its DNS interface: what it registers, what it asks, and what is answered here.
///
/// The script has a line for each question, as dig is given it, and behind it what dig must show:
///
///     foo.node.consul ANY             NOERROR unless another code follows the type; then dig's own options
///     = A 127.0.0.1                   an answer; its owner is the name asked for unless another stands first; ...: any
///     ~ SOA ns.consul. ...            an authority record, owned by the apex; # stands for a number that grows
///     + foo.node.consul. A 127.0.0.1  an additional record
///     % aa                            a flag, or a part of an EDNS option, that must be there
///
/// What is not in the script must not be in the reply, but for flags, options, and TTLs where ``showsTTL`` is false.
struct ConsulCase: Sendable, CustomTestStringConvertible {
    /// Of the function in Consul's `agent/dns_test.go`, without `TestDNS_`.
    var name: String
    /// Where the answer is not Consul's: why it is better.
    var better: String?
    var agent: @Sendable () throws -> Agent = { try Example.agent() }
    var timesToLive = TimesToLive()
    /// Records are then written with their TTL in front of the type.
    var showsTTL = false
    var changes: @Sendable () throws -> [CatalogChange]
    var script: String

    var testDescription: String { better.map { "\(name), better: \($0)" } ?? name }

    init(
        _ name: String, better: String? = nil, domain: String = "consul.", address: IPAddress = Example.address,
        alternative: String? = nil, timesToLive: TimesToLive? = nil,
        _ changes: @escaping @Sendable @autoclosure () throws -> [CatalogChange] = [], _ script: String
    ) {
        self.name = name
        self.better = better
        agent = {
            var agent = try Example.agent(domain: domain)
            agent.address = address
            agent.alternativeDomain = try alternative.map { try DomainName(text: $0) }
            return agent
        }
        self.timesToLive = timesToLive ?? TimesToLive()
        showsTTL = timesToLive != nil
        self.changes = changes
        self.script = script
    }

    /// Asks all questions of the script.
    func check() async throws {
        let agent = try agent()
        try await RunningServer.with(try changes(), agent: agent, timesToLive: timesToLive) { running in
            for exchange in try exchanges() {
                let reply = try await DigReply(asking: exchange.question, address: "127.0.0.1", port: running.port)
                exchange.compare(reply, apex: agent.domain, showsTTL)
            }
        }
    }

    private func exchanges() throws -> [Exchange] {
        var exchanges: [Exchange] = []
        for line in script.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let mark = words.first, mark.count == 1, let last = exchanges.indices.last else {
                exchanges.append(Exchange(words))
                continue
            }
            let text = words.dropFirst().joined(separator: " ")
            switch mark {
            case "=": exchanges[last].answer.append(text)
            case "~": exchanges[last].authority.append(text)
            case "+": exchanges[last].additional.append(text)
            case "%": exchanges[last].marks.append(text)
            default: throw BadScript(line: String(line))
            }
        }
        return exchanges
    }

    struct BadScript: Error { var line: String }
}

/// A question and what must come of it.
private struct Exchange {
    var question: [String]
    var status = "NOERROR"
    var answer: [String] = []
    var authority: [String] = []
    var additional: [String] = []
    var marks: [String] = []

    init(_ words: [String]) {
        question = words
        guard words.count > 2, words[2].allSatisfy(\.isUppercase) else { return }
        status = question.remove(at: 2)
    }

    func compare(_ reply: DigReply, apex: DomainName, _ showsTTL: Bool) {
        let text = question.joined(separator: " ")
        #expect(reply.status == status, "\(text)")
        let own = question[0].lowercased() + (question[0].hasSuffix(".") ? "" : ".")
        func shown(_ records: [String], owner: String?) -> [String] {
            records.map { Self.shown($0, owner: owner, showsTTL) }.sorted()
        }
        if answer != ["..."] { #expect(shown(reply.answer, owner: own) == answer.sorted(), "\(text): \(reply)") }
        #expect(shown(reply.authority, owner: "\(apex)") == authority.sorted(), "\(text): \(reply)")
        #expect(shown(reply.additional, owner: nil) == additional.sorted(), "\(text): \(reply)")
        for mark in marks {
            #expect(
                reply.flags.contains(mark) || ([reply.edns] + reply.options).contains { $0.contains(mark) },
                "\(text): \(mark): \(reply)")
        }
    }

    /// `owner TTL class type data` without the class, the owner if it is the usual one, and perhaps the TTL.
    private static func shown(_ record: String, owner usual: String?, _ showsTTL: Bool) -> String {
        var words = record.split(separator: " ").map(String.init)
        words.remove(at: 2)
        if words[2] == "SOA" { words[5] = "#" }
        if !showsTTL { words.remove(at: 1) }
        if words[0].lowercased() == usual { words.removeFirst() }
        return words.joined(separator: " ")
    }
}

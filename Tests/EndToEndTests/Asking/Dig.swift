/// Asks Berth as people do: with `dig`.
struct Dig: Sendable {
    let port: Int

    func callAsFunction(_ name: String, _ type: String, _ options: String...) async throws -> DigAnswer {
        let output = try await Tool.dig.run(
            ["@127.0.0.1", "-p", "\(port)", name, type, "+time=2", "+tries=1"] + options)
        return try DigAnswer(output.out)
    }

    /// The answers to many questions from one run of `dig`, each asked over TCP so that none is cut.
    func batch(_ questions: [String]) async throws -> [DigRecord] {
        let options = "+tcp +time=5 +tries=1 +noall +answer"
        let lines = questions.map { "@127.0.0.1 -p \(port) \(options) \($0)\n" }.joined()
        let output = try await Tool.dig.run(["-f", "-"], input: lines)
        return output.out.split(separator: "\n").compactMap(DigRecord.init)
    }
}

/// One record as `dig` prints it.
struct DigRecord: Sendable, Equatable {
    let owner: String
    let type: String
    let rdata: [String]

    init?(_ line: Substring) {
        let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count > 4, !line.hasPrefix(";") else { return nil }
        owner = fields[0]
        type = fields[3]
        rdata = Array(fields[4...])
    }
}

/// What `dig` printed, by section.
struct DigAnswer: Sendable {
    let text: String
    let status: String
    let flags: Set<Substring>
    private(set) var answer: [DigRecord] = []
    private(set) var authority: [DigRecord] = []
    private(set) var additional: [DigRecord] = []

    init(_ text: String) throws {
        self.text = text
        guard let status = text.firstMatch(of: /status: (\w+)/), let flags = text.firstMatch(of: /flags: ([\w ]+);/)
        else {
            throw NotYet("no answer: \(text)")
        }
        self.status = String(status.output.1)
        self.flags = Set(flags.output.1.split(separator: " "))
        var section: WritableKeyPath<DigAnswer, [DigRecord]>?
        for line in text.split(separator: "\n") {
            switch line {
            case ";; ANSWER SECTION:": section = \.answer
            case ";; AUTHORITY SECTION:": section = \.authority
            case ";; ADDITIONAL SECTION:": section = \.additional
            default: if let section, let record = DigRecord(line) { self[keyPath: section].append(record) }
            }
        }
    }

    /// The endpoints that an SRV answer leads to, each as `address:port`; a target without an address is left out.
    var endpoints: Set<String> {
        let addresses = Dictionary(additional.map { ($0.owner, $0.rdata[0]) }, uniquingKeysWith: { first, _ in first })
        return Set(
            answer.filter { $0.type == "SRV" && $0.rdata.count == 4 }
                .compactMap { record in addresses[record.rdata[3]].map { "\($0):\(record.rdata[2])" } })
    }

    /// The addresses of an A answer.
    var addresses: Set<String> {
        Set(answer.filter { $0.type == "A" }.map { $0.rdata[0] })
    }
}

import Subprocess
import Testing

/// What dig shows of a reply.
struct DigReply: Sendable, Equatable {
    /// `NOERROR`, `NXDOMAIN`, ...
    var status = ""
    /// `qr`, `aa`, `tc`, ...
    var flags: Set<String> = []
    /// Each record as `owner TTL class type data`, sorted.
    var answer: [String] = []
    var authority: [String] = []
    var additional: [String] = []
    /// The line that shows the OPT record, empty without one.
    var edns = ""
    /// The other lines of the OPT record, such as `COOKIE: 0102030405060708 (good)`.
    var options: [String] = []
    /// What it shows of an extended DNS error (RFC 8914), empty without one.
    var extendedError: String {
        String(options.first { $0.hasPrefix("EDE: ") }?.dropFirst("EDE: ".count) ?? "")
    }
    /// The question as the reply has it.
    var question = ""

    init(asking arguments: [String], address: String, port: UInt16) async throws {
        let common = ["@\(address)", "-p", "\(port)", "+noall", "+comments", "+question", "+answer", "+authority"]
        let options = ["+additional", "+tries=1", "+timeout=30"]
        let text = try await Self.run(common + options + arguments)
        read(text)
        // dig tells a reply that it could not get or read in a comment.
        guard !status.isEmpty else { throw NoReply(output: text) }
    }

    private static func run(_ arguments: [String]) async throws -> String {
        do {
            return try await Subprocess.run(
                .name("dig"), arguments: Arguments(arguments), output: .string(limit: 1 << 24), error: .discarded
            ).standardOutput
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw MissingProgram(name: "dig", package: "bind9-dnsutils")
        }
    }

    private mutating func read(_ text: String) {
        var section: WritableKeyPath<DigReply, [String]>?
        var isOption = false
        for line in text.split(separator: "\n") {
            switch line.prefix(while: { $0 != ":" && $0 != "," }) {
            case ";; ->>HEADER<<- opcode": status = Self.word(after: "status: ", in: line)
            case ";; flags":
                flags = Set(
                    line.dropFirst(";; flags: ".count).prefix { $0 != ";" }.split(separator: " ").map(String.init))
            case ";; OPT PSEUDOSECTION": isOption = true
            case "; EDNS": edns = String(line)
            case ";; ANSWER SECTION": section = \.answer
            case ";; AUTHORITY SECTION": section = \.authority
            case ";; ADDITIONAL SECTION": section = \.additional
            case _ where line.hasPrefix(";;"):
                section = nil
                isOption = false
            case _ where isOption && line.hasPrefix("; "): options.append(String(line.dropFirst(2)))
            case _ where line.hasPrefix(";"):
                question = line.dropFirst().split(whereSeparator: \.isWhitespace).joined(separator: " ")
            default:
                guard let section else { continue }
                self[keyPath: section].append(line.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            }
        }
        answer.sort()
        authority.sort()
        additional.sort()
    }

    private static func word(after prefix: String, in line: Substring) -> String {
        guard let range = line.firstRange(of: prefix) else { return "" }
        return String(line[range.upperBound...].prefix { $0.isLetter })
    }
}

/// dig got no reply, or none that it understood.
struct NoReply: Error {
    var output: String
}

/// A program that the tests need is not there.
struct MissingProgram: Error, CustomStringConvertible {
    var name: String
    var package: String

    var description: String { "\(name) is not installed; install it with: apt-get install \(package)" }
}

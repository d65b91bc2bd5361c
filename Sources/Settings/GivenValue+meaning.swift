import DNS
import Foundation
import Registry

/// Why a value is not taken.
struct Refusal: Error {
    struct Reason {
        /// What the value must be: a sentence that the key comes before.
        var text: String
        /// `nil`: the whole value's.
        var origin: Origin?
    }

    /// Never empty.
    var reasons: [Reason]

    init(_ text: String) { reasons = [Reason(text: text)] }

    init(_ reasons: [Reason]) { self.reasons = reasons }
}

extension GivenValue {
    func refusal(mustBe what: String) -> Refusal { Refusal("must be \(what), not \(shown)") }

    /// A scalar that is not empty.
    func text(_ what: String) throws(Refusal) -> String {
        guard case .scalar(let text, _) = form, !text.isEmpty else { throw refusal(mustBe: what) }
        return text
    }

    func port() throws(Refusal) -> UInt16 {
        let what = "a whole number from 0 to 65535"
        guard case .scalar(let text, quoted: false) = form, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(text)
        else { throw refusal(mustBe: what) }
        return port
    }

    /// A whole number, written with digits alone.
    private func number(_ range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard case .scalar(let text, quoted: false) = form, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { throw refusal(mustBe: "a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    func udpSize() throws(Refusal) -> Int { try number(Settings.DNS.udpSizes) }

    func connectionCount() throws(Refusal) -> Int { try number(Settings.HTTP.connectionCounts) }
    func headerSize() throws(Refusal) -> Int { try number(Settings.HTTP.headerSizes) }
    func uriSize() throws(Refusal) -> Int { try number(Settings.HTTP.uriSizes) }
    func bodySize() throws(Refusal) -> Int { try number(Settings.HTTP.bodySizes) }

    func snapshotSize() throws(Refusal) -> Int { try number(Settings.HTTP.snapshotSizes) }
    func flapLimit() throws(Refusal) -> Int { try number(Settings.Checks.flapLimits) }
    func limit() throws(Refusal) -> Int { try number(0...1_000_000) }

    /// A text that fits into one character-string of a TXT record (RFC 1035 3.3.14).
    func identity() throws(Refusal) -> String {
        let what = "a line of at most 255 octets"
        let text = try text(what)
        guard text.utf8.count <= 255, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw refusal(mustBe: what)
        }
        return text
    }

    func address() throws(Refusal) -> IPAddress {
        let what = "an IPv4 or IPv6 address"
        guard let address = IPAddress(try text(what)) else { throw refusal(mustBe: what) }
        return address
    }

    /// An address that others can send to.
    func hostAddress() throws(Refusal) -> IPAddress {
        let address = try address()
        guard !address.isUnspecified else { throw refusal(mustBe: "an address that others reach this host under") }
        return address
    }

    /// A block of addresses, or one.
    func network() throws(Refusal) -> IPPrefix {
        let what = "an address or a network such as 10.0.0.0/8"
        guard let prefix = IPPrefix(try text(what)) else { throw refusal(mustBe: what) }
        return prefix
    }

    func label() throws(Refusal) -> String { try nodeName().text }

    func nodeName() throws(Refusal) -> NodeName {
        let text = try text("one DNS label")
        do throws(LabelError) { return try NodeName(text) } catch { throw Refusal(error.description) }
    }

    func domain() throws(Refusal) -> DomainName {
        let text = try text("a domain name")
        guard text != "." else { throw Refusal("must be below the root, which \".\" is") }
        let labels = (text.hasSuffix(".") ? text.dropLast() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !labels.contains("") else {
            throw Refusal("must have one dot between names and none before them, unlike \(text.shown)")
        }
        let domain: DomainName
        do {
            for label in labels { try Label.validate(label) }
            domain = try DomainName(labels: labels.map(\.utf8))
        } catch {
            throw Refusal("\(error)")
        }
        guard domain.wire.count <= Settings.Identity.maximumDomainLength else {
            throw Refusal("is too long for the names of services to fit before it; use a shorter one")
        }
        return domain
    }

    func dockerSource() throws(Refusal) -> DockerSource {
        let what = "unix:///PATH, tcp://HOST[:PORT] or off"
        guard let source = DockerSource(try text(what)) else { throw refusal(mustBe: what) }
        return source
    }

    func storage() throws(Refusal) -> Settings.Storage {
        let path = try path()
        return path == "memory" ? .memory : .directory(path)
    }

    func path() throws(Refusal) -> String { try text("the path of a folder") }

    /// A folder, which need not be there.
    func folder() throws(Refusal) -> String {
        let path = try self.path()
        var isFolder: ObjCBool = false
        if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
            throw Refusal("must be the path of a folder; \(path.shown) is a file")
        }
        return path
    }

    func command() throws(Refusal) -> String { try text("a command") }

    /// One of a type's words.
    func word<Word: RawRepresentable<String> & CaseIterable>() throws(Refusal) -> Word {
        let words = Word.allCases.map(\.rawValue)
        let what = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        guard let word = Word(rawValue: try text(what)) else { throw refusal(mustBe: what) }
        return word
    }
}

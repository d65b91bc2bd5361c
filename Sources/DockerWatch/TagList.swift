import Registry

/// The tags of a service as a setting spells them: `web,v1\,beta, blue` is `web`, `v1,beta` and `blue`.
struct TagList {
    static let tagLimit = 255
    static let countLimit = 64

    /// In order, each once.
    private(set) var tags: [String] = []
    /// What was left out or is of little use, and why: whole sentences.
    private(set) var notes: [String] = []

    /// Splits at commas, except those after a backslash; trims white space; leaves out empty tags, repeated ones and those
    /// that a tag must not be.
    init(_ text: String, key: String) {
        var tag = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                if character != "," { tag.append("\\") }
                tag.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                add(tag, key: key)
                tag = ""
            } else {
                tag.append(character)
            }
        }
        if isEscaped { tag.append("\\") }
        add(tag, key: key)
    }

    private mutating func add(_ text: String, key: String) {
        let tag = text.trimmingWhitespace
        guard !tag.isEmpty, !tags.contains(tag) else { return }
        if let bad = tag.unicodeScalars.first(where: { !$0.isPrintable }) {
            leaveOut(tag, key: key, because: "it contains \(bad.escaped(asASCII: true))")
        } else if tag.utf8.count > Self.tagLimit {
            leaveOut(tag, key: key, because: "it has \(tag.utf8.count) octets, more than \(Self.tagLimit)")
        } else if tags.count == Self.countLimit {
            leaveOut(tag, key: key, because: "there are \(Self.countLimit) tags already")
        } else {
            tags.append(tag)
            if !tag.isAskable {
                note(
                    "the tag \"\(tag.printable)\" of \(key) cannot be asked for in DNS, only found over HTTP and in templates"
                )
            }
        }
    }

    private mutating func leaveOut(_ tag: String, key: String, because reason: String) {
        note("the tag \"\(tag.printable)\" of \(key) is left out: \(reason)")
    }

    /// A few notes tell enough of a list with thousands of bad tags.
    private mutating func note(_ text: String) {
        if notes.count < 8 { notes.append(text) }
    }

    /// Adds the tag that says a port is not TCP, unless it is there.
    mutating func mark(_ transport: TransportProtocol) {
        if transport != .tcp, !tags.contains(transport.rawValue) { tags.append(transport.rawValue) }
    }
}

extension String {
    /// Whether the tag's labels, parted by dots, can stand before a service's name.
    fileprivate var isAskable: Bool {
        split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            do { try Label.validateOctets(String(label)) } catch { return false }
            return true
        }
    }

    fileprivate var trimmingWhitespace: String {
        let head = drop(while: \.isWhitespace)
        let end = head.lastIndex { !$0.isWhitespace }
        return end.map { String(head[...$0]) } ?? ""
    }
}

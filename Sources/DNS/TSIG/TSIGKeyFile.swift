import Foundation

/// Reads keys in the form that `tsig-keygen` and `keymgr -t` write, as BIND's configuration has them:
///
///     key "secondary" {
///         algorithm hmac-sha256;
///         secret "3yQ1uB1vZ2...=";
///     };
package struct TSIGKeyFile {
    /// What is wrong, and on which line (counted from 1).
    package struct Mistake: Error, Equatable, Sendable {
        package var line: Int
        package var reason: String
    }

    package struct Mistakes: Error, Equatable, Sendable {
        /// Never empty.
        package var all: [Mistake]
    }

    private var words: ArraySlice<Word>
    private let lastLine: Int

    /// - Throws: ``Mistakes``: of each key all that is wrong with what it says, and the first that is wrong with how.
    package static func keys(in text: String) throws(Mistakes) -> [TSIGKey] {
        var file: TSIGKeyFile
        do {
            file = try TSIGKeyFile(text)
        } catch {
            throw Mistakes(all: [error])
        }
        var keys: [TSIGKey] = []
        var mistakes: [Mistake] = []
        while let word = file.words.first {
            do throws(Mistake) {
                guard let key = try file.key(noting: &mistakes) else { continue }
                if keys.contains(where: { $0.name == key.name }) {
                    let reason = "the key \(key.name) is given a second time; remove one"
                    mistakes.append(Mistake(line: word.line, reason: reason))
                }
                keys.append(key)
            } catch {
                mistakes.append(error)
                file.skipKey()
            }
        }
        guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
        return keys
    }

    private init(_ text: String) throws(Mistake) {
        words = try Self.words(in: text)[...]
        lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).count
    }

    // MARK: - Grammar

    /// - Returns: `nil` if something was noted.
    /// - Throws: ``Mistake`` where it is not clear how to read on.
    private mutating func key(noting mistakes: inout [Mistake]) throws(Mistake) -> TSIGKey? {
        try expect("key")
        let name = try word("the key's name")
        let domain: DomainName
        do {
            domain = try DomainName(text: name.text)
        } catch {
            throw Mistake(line: name.line, reason: "the key's name is no domain name: \(error)")
        }
        try expect("{")
        var algorithm: TSIGKey.Algorithm?
        var secret: [UInt8]?
        var given: Set<String> = []
        while words.first?.text != "}" {
            let statement = try word("algorithm, secret or }")
            let value = try word("a value for \(statement.text)")
            given.insert(statement.text)
            do throws(Mistake) {
                switch statement.text {
                case "algorithm": algorithm = try Self.algorithm(value)
                case "secret": secret = try Self.secret(value)
                default:
                    throw Mistake(
                        line: statement.line, reason: "a key has an algorithm and a secret, but no \(statement.text)")
                }
            } catch {
                mistakes.append(error)
            }
            try expect(";")
        }
        try expect("}")
        try expect(";")
        if !given.isSuperset(of: ["algorithm", "secret"]) {
            mistakes.append(
                Mistake(line: name.line, reason: "the key \(domain) needs both an algorithm and a secret"))
        }
        guard let algorithm, let secret else { return nil }
        return TSIGKey(name: domain, algorithm: algorithm, secret: secret)
    }

    /// Goes on behind the key in which something is wrong.
    private mutating func skipKey() {
        words = words.drop { $0.text != "}" }.dropFirst()
        if words.first?.text == ";" { words.removeFirst() }
    }

    private static func algorithm(_ word: Word) throws(Mistake) -> TSIGKey.Algorithm {
        let text = word.text.hasSuffix(".") ? String(word.text.dropLast()) : word.text
        guard let algorithm = TSIGKey.Algorithm(rawValue: text.lowercased()) else {
            let known = TSIGKey.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw Mistake(line: word.line, reason: "\(word.text) is no algorithm that is taken; use one of \(known)")
        }
        return algorithm
    }

    private static func secret(_ word: Word) throws(Mistake) -> [UInt8] {
        guard let data = Data(base64Encoded: word.text), !data.isEmpty else {
            // Not shown: it may be right but for one character.
            throw Mistake(line: word.line, reason: "the secret is not base64; copy it whole, with its final =")
        }
        return Array(data)
    }

    // MARK: - Words

    private struct Word {
        var text: String
        var line: Int
    }

    private mutating func word(_ what: String) throws(Mistake) -> Word {
        guard let word = words.popFirst() else {
            throw Mistake(line: lastLine, reason: "the file ends where \(what) should be")
        }
        guard !["{", "}", ";"].contains(word.text) else {
            throw Mistake(line: word.line, reason: "\(word.text) stands where \(what) should be")
        }
        return word
    }

    private mutating func expect(_ text: String) throws(Mistake) {
        guard let word = words.popFirst() else {
            throw Mistake(line: lastLine, reason: "the file ends where \(text) should be")
        }
        guard word.text == text else {
            throw Mistake(line: word.line, reason: "\(word.text) stands where \(text) should be")
        }
    }

    /// Words, quoted texts and punctuation; comments start with `#` or `//`, or stand between `/*` and `*/`.
    private static func words(in text: String) throws(Mistake) -> [Word] {
        var words: [Word] = []
        var rest = text[...]
        var line = 1
        while let first = rest.first {
            if first.isNewline || first.isWhitespace {
                if first.isNewline { line += 1 }
                rest.removeFirst()
            } else if first == "#" || rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else {
                    throw Mistake(line: line, reason: "a comment has no end; close it with */")
                }
                line += rest[..<end.lowerBound].count(where: \.isNewline)
                rest = rest[end.upperBound...]
            } else if "{};".contains(first) {
                words.append(Word(text: String(rest.removeFirst()), line: line))
            } else if first == "\"" {
                let body = rest.dropFirst()
                guard let end = body.firstIndex(where: { $0 == "\"" || $0.isNewline }), body[end] == "\"" else {
                    throw Mistake(line: line, reason: "a quotation mark has no partner on its line")
                }
                words.append(Word(text: String(body[..<end]), line: line))
                rest = body[body.index(after: end)...]
            } else {
                let end = rest.firstIndex { $0.isWhitespace || "{};\"".contains($0) } ?? rest.endIndex
                words.append(Word(text: String(rest[..<end]), line: line))
                rest = rest[end...]
            }
        }
        return words
    }
}

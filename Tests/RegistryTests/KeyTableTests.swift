import Testing

@testable import Registry

@Suite struct `A table of keys` {
    /// What the table must be like, made of plain collections.
    private struct Model {
        var entries: [String: UInt64] = [:]
        /// The newest change to any key with a prefix.
        var indexes: [String: UInt64] = [:]

        func names(under prefix: String, upTo separator: String) -> [String] {
            var names: [String] = []
            for key in entries.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            where key.utf8.starts(with: prefix.utf8) {
                let rest = key.dropFirst(prefix.count)
                let name =
                    if !separator.isEmpty, let found = rest.firstRange(of: separator) {
                        String(key[..<found.upperBound])
                    } else {
                        key
                    }
                if names.last != name { names.append(name) }
            }
            return names
        }

        mutating func note(_ key: String, at index: UInt64) {
            for length in 0...key.count { indexes[String(key.prefix(length))] = index }
        }
    }

    private static let prefixes = ["", "a", "a/", "a/b", "a/b/", "ab", "b", "b//", "zz", "é", "a/bb/c"]

    @Test(arguments: 0..<4) func `says what a plain list of the same changes says`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (table, model, seen): (KeyTable, Model, [String: UInt64]) = (KeyTable(), Model(), [:])
        for index in UInt64(1)...300 {
            let key = randomKey(&generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6:
                table.put(KeyEntry(key: try Key(key), value: [], createIndex: index, modifyIndex: index))
                model.entries[key] = index
                model.note(key, at: index)
            case 6..<9:
                guard model.entries.removeValue(forKey: key) != nil else { continue }
                table.remove(try Key(key), at: index)
                model.note(key, at: index)
            default:
                let prefix = Self.prefixes.randomElement(using: &generator) ?? ""
                let gone = model.entries.keys.filter { $0.utf8.starts(with: prefix.utf8) }
                guard !gone.isEmpty else { continue }
                table.removeAll(under: try KeyPrefix(prefix), at: index)
                for key in gone {
                    model.entries[key] = nil
                    model.note(key, at: index)
                }
            }
            try expect(table, toBeLike: model, under: key, &seen)
        }
    }

    private func expect(
        _ table: KeyTable, toBeLike model: Model, under key: String, _ seen: inout [String: UInt64]
    ) throws {
        #expect(table.count == model.entries.count)
        #expect(table.entry(try Key(key))?.modifyIndex == model.entries[key])
        if let index = model.entries[key] { #expect(table.index(of: try Key(key)) == index) }
        #expect(table.entries(under: try KeyPrefix("")).map(\.key.text) == model.names(under: "", upTo: ""))
        for separator in ["/", "", "b/", "//"] {
            for prefix in [key, String(key.dropLast())] {
                let names = table.names(under: try KeyPrefix(prefix), upTo: separator)
                #expect(names == model.names(under: prefix, upTo: separator), "\(prefix) up to \(separator)")
            }
        }
        for text in Self.prefixes {
            let prefix = try KeyPrefix(text)
            let index = table.index(under: prefix)
            // Readers hear of each change to what they read, and nobody hears of changes to come.
            #expect(index >= model.indexes[text] ?? 0 && index <= table.index, "\(text)")
            #expect(index >= seen[text] ?? 0, "\(text) went back")
            seen[text] = index
        }
    }

    private func randomKey(_ generator: inout SeededGenerator) -> String {
        let parts = ["a", "b", "/", "a/", "é", "//", "bb"]
        let count = Int.random(in: 1...4, using: &generator)
        let key = (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
        return key.hasPrefix("/") ? "a" + key : key
    }

    @Test func `is not told of changes elsewhere`() throws {
        var table = KeyTable()
        for (index, key) in ["app/web", "app/api", "ops/x"].enumerated() {
            table.put(try entry(key, at: UInt64(index + 1)))
        }
        #expect(table.index(under: try KeyPrefix("app/")) == 2)
        table.remove(try Key("ops/x"), at: 4)
        table.put(try entry("ops/y", at: 5))
        #expect(table.index(under: try KeyPrefix("app/")) == 2)
        #expect(table.index(of: try Key("app/web")) == 1)
        #expect(table.index == 5)
    }

    @Test func `keeps the octets of keys apart that look the same`() throws {
        var table = KeyTable()
        table.put(try entry("caf\u{e9}", at: 1))
        table.put(try entry("cafe\u{301}", at: 2))
        #expect(table.count == 2)
        #expect(table.entry(try Key("caf\u{e9}"))?.modifyIndex == 1)
    }

    @Test func `holds keys each of which begins with the one before, and lets them go`() throws {
        var table = KeyTable()
        let length = Key.maximumLength
        for count in 1...length { table.put(try entry(String(repeating: "a", count: count), at: UInt64(count))) }
        #expect(table.names(under: try KeyPrefix("a")).count == length)
        table.remove(try Key(String(repeating: "a", count: length)), at: UInt64(length + 1))
        #expect(table.index(under: try KeyPrefix("aa")) == UInt64(length + 1))
        table.removeAll(under: try KeyPrefix(""), at: UInt64(length + 2))
        #expect(table.count == 0)
    }

    @Test func `a copy stays as it was`() throws {
        var table = KeyTable()
        for number in 1...100 { table.put(try entry("k\(number)", at: UInt64(number))) }
        let copy = table
        table.removeAll(under: try KeyPrefix("k"), at: 101)
        #expect(table.count == 0)
        #expect(copy.count == 100 && copy.index == 100)
    }

    @Test(arguments: [
        ("", KeyError.empty), ("/a", .leadingSlash("/a")), ("a\nb", .controlCharacter), ("a\u{85}", .controlCharacter),
        (String(repeating: "k", count: 1025), .tooLong(octets: 1025)),
    ]) func `does not take every text for a key`(_ text: String, _ error: KeyError) {
        #expect(throws: error) { try Key(text) }
        #expect(error.description.utf8.count < 200)
    }

    private func entry(_ key: String, at index: UInt64) throws -> KeyEntry {
        KeyEntry(key: try Key(key), value: [], createIndex: index, modifyIndex: index)
    }
}

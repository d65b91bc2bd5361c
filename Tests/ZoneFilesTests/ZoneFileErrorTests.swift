import DNS
import Foundation
import Testing

@testable import ZoneFiles

@Suite struct `A zone file with a mistake` {
    struct Mistake: CustomTestStringConvertible {
        var what: String
        /// Put after a good SOA on line 2.
        var text: String
        var line: Int?
        /// A part of the message.
        var message: String
        var testDescription: String { what }
    }

    static let mistakes = [
        Mistake(what: "bad address", text: "\nwww A 300.1.1.1", line: 4, message: "rdata"),
        Mistake(what: "unknown type", text: "www B 1.1.1.1", line: 3, message: "correct the line"),
        Mistake(what: "too much data", text: "www A 1.1.1.1 2.2.2.2", line: 3, message: "superfluous"),
        Mistake(
            what: "long label", text: String(repeating: "a", count: 64) + " A 1.1.1.1", line: 3, message: "correct"),
        Mistake(what: "open parenthesis", text: "; x\nwww TXT ( a\n b", line: 4, message: "close every ("),
        Mistake(what: "open parenthesis, nothing inside", text: "www (", line: 3, message: "close every ("),
        Mistake(what: "extra parenthesis", text: "www A 1.1.1.1 )", line: 3, message: "close every ("),
        Mistake(what: "extra parenthesis alone", text: ")\nwww A 1.1.1.1", line: 3, message: "close every ("),
        Mistake(what: "$INCLUDE of nothing", text: "$INCLUDE ; x", line: 3, message: "needs the name of a file"),
        Mistake(what: "three words", text: "$INCLUDE a b. c", line: 3, message: "needs the name of a file"),
        Mistake(what: "a bad origin", text: "$INCLUDE a b..c", line: 3, message: "not a name"),
        Mistake(what: "no such file", text: "\n$INCLUDE other", line: 4, message: "other cannot be read"),
        Mistake(what: "a folder", text: "$INCLUDE .", line: 3, message: "not inside the folder"),
        Mistake(what: "an absolute path", text: "$INCLUDE /etc/hostname", line: 3, message: "not inside the folder"),
        Mistake(what: "a path that leads out", text: "$INCLUDE ../x", line: 3, message: "not inside the folder"),
        Mistake(what: "a path out and in", text: "$INCLUDE a/../b", line: 3, message: "not inside the folder"),
        Mistake(what: "itself", text: "$INCLUDE example.org.zone", line: 3, message: "include itself for ever"),
        Mistake(
            what: "a record below a DNAME", text: "d DNAME b\nd A 1.1.1.1\nx.y.D A 1.1.1.1", line: 5,
            message: "is below D.example.org."),
        Mistake(
            what: "a record below the apex's DNAME", text: "a A 1.1.1.1\n@ DNAME b.", line: 3,
            message: "move the record"),
        Mistake(what: "two DNAMEs", text: "d DNAME b\nd DNAME b\nd DNAME c", line: 5, message: "two DNAME records"),
        Mistake(what: "NS beside DNAME", text: "d NS b\nd DNAME b", line: 3, message: "NS and DNAME records"),
        Mistake(what: "CNAME beside DNAME", text: "d CNAME b\nd DNAME b", line: 4, message: "has a CNAME"),
        Mistake(what: "relative $ORIGIN", text: "$ORIGIN sub\nx A 1.1.1.1", line: 3, message: "end it with a dot"),
        Mistake(what: "$TTL without a number", text: "$TTL soon", line: 3, message: "needs a number"),
        Mistake(what: "class CH", text: "www CH TXT a", line: 3, message: "only class IN"),
        Mistake(what: "TTL of 32 bits", text: "www 4294967295 A 1.1.1.1", line: 3, message: "lower it"),
        Mistake(what: "second SOA", text: "@ SOA a b 1 2 3 4 5", line: 3, message: "own is on line 2"),
        Mistake(what: "other zone's record", text: "www.example.net. A 1.1.1.1", line: 3, message: "outside the zone"),
        Mistake(
            what: "alias with an address", text: "a CNAME b\nb A 1.1.1.1\na A 1.1.1.1", line: 5, message: "has a CNAME"),
        Mistake(what: "address with an alias", text: "a A 1.1.1.1\nA CNAME b", line: 4, message: "has a CNAME"),
        Mistake(what: "two aliases", text: "a CNAME b\na CNAME c", line: 4, message: "has a CNAME"),
        Mistake(what: "alias at the apex", text: "@ CNAME b", line: 3, message: "has a CNAME"),
        Mistake(what: "two words", text: "\n\nhello world", line: 5, message: "not one that is known"),
        Mistake(what: "a remark of another language", text: "# remark", line: 3, message: "not one that is known"),
        Mistake(what: "type 0", text: "www TYPE0 \\# 0", line: 3, message: "not one that is known"),
        Mistake(what: "OPT record", text: "www TYPE41 \\# 0", line: 3, message: "remove the line"),
        Mistake(what: "query type", text: "www TYPE255 \\# 0", line: 3, message: "remove the line"),
        Mistake(what: "a zero octet", text: "www TXT a\0b", line: nil, message: "zero octet"),
    ]

    private static func errors(_ text: String) throws -> [ZoneFileError] {
        try withFolder(["example.org.zone": text]) { folder in
            try #require(throws: ZoneFileErrors.self) { try ZoneFile.load("\(folder)/example.org.zone") }.all
        }
    }

    @Test(arguments: mistakes)
    func `is refused with its line and what to do`(mistake: Mistake) throws {
        let text = "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n" + mistake.text + "\n"
        let errors = try Self.errors(text)
        #expect(errors.count == 1)
        let error = errors[0]
        #expect(error.line == mistake.line)
        #expect(error.file.hasSuffix("/example.org.zone"))
        #expect(error.description.contains(mistake.message), "\(error)")
    }

    @Test(arguments: [("", nil), ("\n\n; only comments\n", nil), ("\n; x\nwww A 192.0.2.1\n", 3)] as [(String, Int?)])
    func `is refused without a start of authority`(text: String, line: Int?) throws {
        let errors = try Self.errors(text)
        #expect(errors.count == 1)
        let error = errors[0]
        #expect(error.reason == .noStartOfAuthority)
        #expect(error.line == line)
    }

    @Test(arguments: ["hello world\n", "   garbage\n", "@ SAO ns h 1 2 3 4 5\n", "<html>\n", "# zone\n"])
    func `that hides the start of authority is what is told, not that there is none`(garbage: String) throws {
        let text = "; first\n" + garbage + "@ SOA ns h 1 2 3 4 5\n"
        let errors = try Self.errors(text)
        #expect(errors.count == 1)
        let error = errors[0]
        #expect(error.line == 2)
    }

    @Test func `is refused when it cannot be read`() throws {
        let error = try #require(throws: ZoneFileErrors.self) { try ZoneFile.load("/nowhere/example.org.zone") }
        #expect(error.description == "/nowhere/example.org.zone: cannot be read: No such file or directory")
    }

    @Test func `is told with all others of its file`() throws {
        let text = """
            $TTL soon
            @ SOA ns hostmaster 1 3600 600 86400 60
            @ SOA ns hostmaster 2 3600 600 86400 60
            www A 300.1.1.1
            www B 1.1.1.1
            www CH TXT a
            $INCLUDE nothing
            www.example.net. A 192.0.2.1
            a CNAME b
            a A 192.0.2.1
            a A 192.0.2.2
            d DNAME b
            d NS b
            x.d A 192.0.2.1
            fine A 192.0.2.1
            """
        let errors = try Self.errors(text + "\n")
        // What cannot be read comes first, then what does not go together; an alias is told once.
        #expect(errors.map(\.line) == [1, 4, 5, 6, 7, 3, 8, 10, 13, 14])
    }

    @Test func `does not make others of those that follow from it`() throws {
        #expect(try Self.errors("@ SOA ns h 1 2 3 4\nwww A 192.0.2.1\n").map(\.line) == [1])
        let soa = "@ SOA ns h 1 2 3 4 5\n"
        #expect(try Self.errors(soa + "$ORIGIN sub\nwww A 192.0.2.1\n").map(\.line) == [2])
        #expect(try Self.errors(soa + "$ORIGIN a..b.\nwww A 192.0.2.1\n").map(\.line) == [2])
        #expect(try Self.errors(soa + "www (\nwww A 192.0.2\n").map(\.line) == [2])
    }

    @Test func `is one of twenty that are told, and of more that are counted`() throws {
        let errors = try Self.errors("@ SOA ns h 1 2 3 4 5\n" + String(repeating: "www A 1.2.3\n", count: 100))
        #expect(errors.map(\.line) == (2...21).map { $0 } + [nil])
        #expect(errors.last?.description.hasSuffix("/example.org.zone: and 80 more; correct these first") == true)
    }
}

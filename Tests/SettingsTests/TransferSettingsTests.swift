import DNS
import Foundation
import Settings
import Testing

@Suite struct `Settings of secondaries` {
    private static let keys = """
        key "secondary" {
            algorithm hmac-sha256;  # what tsig-keygen takes
            secret "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";
        };
        /* Two lines
           of comment */
        key other. { secret "AAEC"; algorithm HMAC-SHA512; };
        """

    private func problems(_ flags: [SettingsKey: [String]], _ path: String = "") -> [String] {
        do throws(SettingsError) {
            _ = try Settings(flags: flags)
            return []
        } catch {
            return error.problems.map {
                path.isEmpty ? $0.description : $0.description.replacing(path, with: "keys")
            }
        }
    }

    @Test func `addresses, blocks and keys are taken`() throws {
        let settings = try withFile(Self.keys) { path in
            try Settings(flags: [
                .transferTo: ["192.0.2.53", "2001:db8::/64,secondary", "0.0.0.0/0,other"],
                .notify: ["192.0.2.53", "10.0.0.2:5353", "[::1]:54,secondary", "::1,other"], .tsigKey: [path],
            ])
        }
        #expect(
            settings.texts(of: .transferTo) == ["192.0.2.53", "2001:db8::/64,secondary", "0.0.0.0/0,other"])
        #expect(settings.texts(of: .notify) == ["192.0.2.53", "10.0.0.2:5353", "[::1]:54,secondary", "::1,other"])
        let keys = try #require(settings.transfer.keyFile?.keys)
        #expect(keys.map(\.algorithm) == [.sha256, .sha512])
        #expect(keys.map { $0.name.description } == ["secondary.", "other."])
        #expect(keys.map(\.secret) == [Array("12345678901234567890123456789012".utf8), [0, 1, 2]])
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/", "host", "10.0.0.0/8/8", "10.0.0.0/-1"])
    func `what is no block of addresses is refused`(_ text: String) {
        #expect(problems([.transferTo: [text]]).count == 1)
    }

    @Test(arguments: [
        "10.0.0.1:0", "10.0.0.1:99999", "::1:53x", "[10.0.0.1]:53", "0.0.0.0", "host:53", "10.0.0.1,a..b",
    ])
    func `what is no server to notify is refused`(_ text: String) {
        #expect(problems([.notify: [text]]).count == 1)
    }

    @Test func `a key that nobody knows is refused`() {
        #expect(
            problems([.transferTo: ["10.0.0.1,secondary"]]) == [
                "--transfer-to: no key secondary. is known; name the file that has it with tsig-key"
            ])
    }

    @Test(arguments: [
        ("key a {\n  algorithm hmac-md5;\n secret AAEC; };", 2, "hmac-md5 is no algorithm that is taken"),
        ("key a { secret \"?\"; algorithm hmac-sha256; };", 1, "the secret is not base64"),
        (
            "key a {\n algorithm hmac-sha256;\n};\nkey b { secret AAEC; algorithm hmac-sha256; };", 1,
            "the key a. needs both an algorithm and a secret"
        ),
        (
            "\nkey a { port 53; secret AAEC; algorithm hmac-sha256; };", 2,
            "a key has an algorithm and a secret, but no port"
        ),
        ("zone a { };", 1, "zone stands where key should be"),
        ("key a {\n algorithm hmac-sha256\n", 3, "the file ends where ; should be"),
        ("key a { secret \"AAEC };", 1, "a quotation mark has no partner on its line"),
        ("# fine\n/* open", 2, "a comment has no end"),
        (
            "key a { secret AAEC; algorithm hmac-sha256; };\nkey A. { secret AAEC; algorithm hmac-sha256; };", 2,
            "the key A. is given a second time"
        ),
    ])
    func `a mistake in the key file is told with its line`(_ text: String, _ line: Int, _ reason: String) throws {
        let found = try withFile(text) { problems([.tsigKey: [$0], .transferTo: ["10.0.0.1,b"]], $0) }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("keys:\(line): tsig-key: \(reason)") == true)
    }

    @Test func `all mistakes in the key file are told, beside those elsewhere`() throws {
        let text = """
            key a { algorithm md5; secret AAEC; };
            key b { algorithm hmac-sha256; secret "AAE"; };
            key c { algorithm hmac-sha256; secret AAEC; };
            key d { algorithm hmac-sha256; };
            key e {
                algorithm hmac-md5; secret "?"; port 53;
            };
            key f { secret "?"; };
            """
        let found = try withFile(text) { problems([.tsigKey: [$0], .notify: ["host"]], $0) }
        for (line, count) in [(1, 1), (2, 1), (4, 1), (6, 3), (8, 2)] {
            #expect(found.count { $0.hasPrefix("keys:\(line): tsig-key: ") } == count)
        }
        #expect(found.count == 9)
        #expect(found.contains { $0.hasPrefix("--notify: ") })
        // What is told ends up in logs.
        #expect(!found.contains { $0.contains("AAE") })
    }

    @Test(arguments: [(0o600, false), (0o640, false), (0o644, true), (0o604, true)])
    func `a key file that everybody may read is noticed`(_ mode: Int, _ isOpen: Bool) throws {
        let settings = try withFile(Self.keys) { path in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            return try Settings(flags: [.tsigKey: [path]])
        }
        #expect(settings.transfer.keyFile?.isOpenToEverybody == isOpen)
    }

    @Test func `a key file that is not there is told`() {
        #expect(problems([.tsigKey: ["/nowhere/keys"]]).first?.contains("\"/nowhere/keys\" cannot be read") == true)
    }
}

import Foundation
import Testing

@testable import APIClient

@Suite struct `Whom to ask` {
    @Test(arguments: [
        ("127.0.0.1:8500", "127.0.0.1:8500", false), ("http://berth.lan:80", "berth.lan:80", false),
        ("https://berth.lan", "https://berth.lan", true), ("[::1]:8500", "[::1]:8500", false),
        ("https://[::1]/consul/", "https://[::1]/consul", true),
        ("unix:///run/berth.sock", "unix:///run/berth.sock", false),
        ("localhost", "localhost", false),
    ])
    func `an address is read in all of Consul's forms`(_ text: String, _ shown: String, _ encrypted: Bool) throws {
        let address = try APIAddress(text)
        #expect(address.description == shown)
        #expect(address.isEncrypted == encrypted)
    }

    @Test(arguments: [
        "", "http://", "ftp://host:1", "host:port", "host:0", "host:65536", ":8500", "a b:1", "http://host:1/?x",
        "[::1",
        "[::g]:1", "user@host:1", "[::1]8500", "host:1:2",
    ])
    func `what is no address is told`(_ text: String) {
        let error = #expect(throws: APIClientError.self) { try APIAddress(text) }
        #expect("\(error.map(String.init(describing:)) ?? "")".hasPrefix("the address \"\(text)\" "))
    }

    @Test(arguments: [
        ([:], nil, "127.0.0.1:8500"), (["CONSUL_HTTP_ADDR": "a:1"], nil, "a:1"),
        (["CONSUL_HTTP_ADDR": "a:1", "BERTH_HTTP_ADDR": "b:2"], nil, "b:2"),
        (["CONSUL_HTTP_ADDR": "a:1", "BERTH_HTTP_ADDR": ""], nil, "a:1"),
        (["CONSUL_HTTP_ADDR": "a:1", "BERTH_HTTP_ADDR": "b:2"], "c:3", "c:3"),
        (["CONSUL_HTTP_ADDR": "a:1", "CONSUL_HTTP_SSL": "true"], nil, "https://a:1"),
        (["CONSUL_HTTP_ADDR": "http://a:1", "CONSUL_HTTP_SSL": "1"], nil, "https://a:1"),
        (["CONSUL_HTTP_ADDR": "a:1", "CONSUL_HTTP_SSL": "false"], nil, "a:1"),
    ])
    func `a flag wins over Berth's variable, and that over Consul's`(
        _ environment: [String: String], _ flag: String?, _ address: String
    ) throws {
        var given = ClientSettings.Given()
        given.address = flag
        #expect(try ClientSettings(given, environment: environment).address.description == address)
    }

    @Test func `a token's file wins over the token itself, unless it is empty`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "berth-token-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: file) }
        for (text, expected) in [("  secret\n", "secret"), ("\n", "plain")] {
            try Data(text.utf8).write(to: file)
            var given = ClientSettings.Given()
            given.token = "plain"
            given.tokenFile = file.path
            #expect(try ClientSettings(given, environment: [:]).token == expected)
        }
    }
}

import Registry
import Testing

@testable import HealthChecks

@Suite struct `The URL of a check` {
    @Test(
        arguments: [
            ("http://a", "a", "a", 80, "/"), ("HTTPS://a/b?c=d", "a", "a", 443, "/b?c=d"),
            ("http://10.0.0.1:8080?x", "10.0.0.1:8080", "10.0.0.1", 8080, "/?x"),
            ("https://[fd00::1]/", "[fd00::1]", "fd00::1", 443, "/"),
            ("http://[fd00::1]:81/a:b", "[fd00::1]:81", "fd00::1", 81, "/a:b"),
            ("http://a/b?c#d", "a", "a", 80, "/b?c"), ("http://a#b", "a", "a", 80, "/"),
        ] as [(String, String, String, UInt16, String)])
    func `says whom to ask for what`(
        _ url: String, _ authority: String, _ host: String, _ port: UInt16, _ path: String
    ) throws {
        let target = try #require(HTTPTarget(url))
        let place = try #require(target.hostAndPort)
        #expect(target.authority == authority && target.pathAndQuery == path)
        #expect(target.isTLS == url.lowercased().hasPrefix("https"))
        #expect(place.host.text == host && place.port == port)
    }

    @Test(arguments: ["a", "ftp://a/", "http://a/\r\nX: y", "http://a/b c", "http://a/\u{e9}", ""])
    func `is refused if it could not stand in a request`(_ url: String) { #expect(HTTPTarget(url) == nil) }

    @Test(arguments: ["http://", "http://a:", "http://a:70000/", "http://a:b/"])
    func `must have a host, and a port that is one`(_ url: String) { #expect(HTTPTarget(url)?.hostAndPort == nil) }
}

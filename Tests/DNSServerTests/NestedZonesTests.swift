import DNS
import Foundation
import Testing

@testable import DNSServer

@Suite struct `A zone and one inside it, both here (RFC 1034 4.2, RFC 4035 3.1.4.1)` {
    private static let outer = """
        $ORIGIN example.org.
        $TTL 60
        @       SOA ns hostmaster 1 3600 600 86400 30
                NS  ns
        ns      A   192.0.2.1
        www     CNAME www.sub
        sub     NS  ns.elsewhere.test.
        sub     DS  12345 13 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        www.sub A   192.0.2.66
        bare    NS  ns.elsewhere.test.
        """
    private static let inner = """
        $ORIGIN sub.example.org.
        $TTL 60
        @       SOA ns hostmaster 2 3600 600 86400 40
                NS  ns
        ns      A   192.0.2.2
        www     A   192.0.2.80
        cut     NS  ns.cut
        ns.cut  A   192.0.2.9
        """
    private static let bare = """
        $ORIGIN bare.example.org.
        $TTL 60
        @       SOA ns hostmaster 3 3600 600 86400 50
                NS  ns
        ns      A   192.0.2.3
        """

    private static let ofOuter = "example.org. 30 IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 30"
    private static let ofInner =
        "sub.example.org. 40 IN SOA ns.sub.example.org. hostmaster.sub.example.org. 2 3600 600 86400 40"
    private static let signer =
        "12345 13 2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAA"

    struct Question: Sendable, CustomTestStringConvertible {
        var text: String
        var status = "NOERROR"
        var answer: [String] = []
        var authority: [String] = []
        var additional: [String] = []
        var testDescription: String { text }
    }

    static let questions = [
        Question(text: "sub.example.org DS", answer: ["sub.example.org. 60 IN DS \(signer)"]),
        Question(text: "bare.example.org DS", authority: [ofOuter]),
        Question(text: "example.org DS", authority: [ofOuter]),
        Question(text: "www.sub.example.org DS", authority: [ofInner]),
        Question(
            text: "sub.example.org NS", answer: ["sub.example.org. 60 IN NS ns.sub.example.org."],
            additional: ["ns.sub.example.org. 60 IN A 192.0.2.2"]),
        Question(text: "sub.example.org A", authority: [ofInner]),
        Question(text: "sub.example.org MX", authority: [ofInner]),
        Question(
            text: "sub.example.org SOA",
            answer: [ofInner.replacing("sub.example.org. 40 ", with: "sub.example.org. 60 ")]),
        Question(text: "www.sub.example.org A", answer: ["www.sub.example.org. 60 IN A 192.0.2.80"]),
        Question(text: "nothing.sub.example.org A", status: "NXDOMAIN", authority: [ofInner]),
        Question(text: "nothing.example.org A", status: "NXDOMAIN", authority: [ofOuter]),
        Question(
            text: "www.example.org A",
            answer: ["www.example.org. 60 IN CNAME www.sub.example.org.", "www.sub.example.org. 60 IN A 192.0.2.80"]),
        Question(
            text: "sub.example.org ANY",
            answer: [
                "sub.example.org. 60 IN NS ns.sub.example.org.",
                ofInner.replacing("sub.example.org. 40 ", with: "sub.example.org. 60 "),
            ]),
    ]

    private static let zones = [
        "example.org.zone": outer, "sub.example.org.zone": inner, "bare.example.org.zone": bare,
    ]

    @Test func `are answered each for its own names, and never by a referral`() async throws {
        try await RunningServer.with(zones: Self.zones) { running in
            for question in Self.questions {
                for transport in ["+notcp", "+tcp"] {
                    let words = question.text.split(separator: " ").map(String.init)
                    let reply = try await running.dig(words[0], words[1], transport)
                    #expect(reply.status == question.status, "\(question)")
                    #expect(reply.flags.contains("aa"), "\(question)")
                    #expect(reply.answer == question.answer.sorted(), "\(question)")
                    #expect(reply.authority == question.authority, "\(question)")
                    #expect(reply.additional == question.additional, "\(question)")
                }
            }
            let below = try await running.dig("x.cut.sub.example.org", "A")
            #expect(below.authority == ["cut.sub.example.org. 60 IN NS ns.cut.sub.example.org."])
        }
    }

    @Test func `are one delegation when the inner zone goes, and the inner one's again when it comes back`()
        async throws
    {
        try await RunningServer.with(zones: Self.zones) { running in
            let file = running.zones.appending(path: "sub.example.org.zone")
            try FileManager.default.removeItem(at: file)
            #expect(running.server.reloadZones() == [])
            let referral = try await running.dig("www.sub.example.org", "A")
            #expect(referral.authority == ["sub.example.org. 60 IN NS ns.elsewhere.test."])
            #expect(!referral.flags.contains("aa") && referral.answer.isEmpty)
            let signer = try await running.dig("sub.example.org", "DS")
            #expect(signer.answer == ["sub.example.org. 60 IN DS \(Self.signer)"] && signer.flags.contains("aa"))
            try Data(Self.inner.utf8).write(to: file)
            #expect(running.server.reloadZones() == [])
            let own = try await running.dig("www.sub.example.org", "A")
            #expect(own.answer == ["www.sub.example.org. 60 IN A 192.0.2.80"])
        }
    }
}

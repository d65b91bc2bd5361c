import DNS
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A signed transfer` {
    @Test func `is given to whoever signs, where all must be signed`() async throws {
        try await RunningServer.with(
            TransferExample.catalog(), secondaries: TransferExample.toLoopback(key: "secondary")
        ) { running in
            #expect(try await Transfer(of: "consul", "AXFR", at: running.port).records == [])
            let signed = try await Transfer(of: "consul", "AXFR", "-y", TransferExample.signature, at: running.port)
            #expect(signed.records.count > 10)
            #expect(!signed.text.contains("verify"))
            let wrong = TransferExample.signature.replacing("secondary", with: "other")
            #expect(try await Transfer(of: "consul", "AXFR", "-y", wrong, at: running.port).records == [])
        }
    }

    @Test func `of many messages is signed from the first to the last`() async throws {
        let changes = try [Example.node()] + (1...2000).map { try Example.instance("s\($0)") }
        try await RunningServer.with(changes, secondaries: TransferExample.toLoopback(key: "secondary")) { running in
            let signed = try await Transfer(of: "consul", "AXFR", "-y", TransferExample.signature, at: running.port)
            #expect(signed.records.count > 6000)
            #expect(!signed.text.contains("verify") && !signed.text.contains("failed"))
        }
    }

    @Test(arguments: ["+tcp", "+notcp"])
    func `is no exception: any signed query gets a signed answer`(transport: String) async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            for type in ["SOA", "A", "AAAA", "TYPE65280"] {
                let text = try await Transfer.dig([
                    "@127.0.0.1", "-p", "\(running.port)", "web.service.consul", type, transport, "-y",
                    TransferExample.signature,
                ])
                #expect(text.contains("status: NOERROR"))
                #expect(text.contains("TSIG PSEUDOSECTION") && !text.contains("verify"), "\(text)")
            }
            let unknown = try await Transfer.dig([
                "@127.0.0.1", "-p", "\(running.port)", "consul", "SOA", transport, "-y",
                TransferExample.signature.replacing("secondary", with: "other"),
            ])
            #expect(unknown.contains("NOTAUTH") && unknown.contains("BADKEY"))
            let wrong = try await Transfer.dig([
                "@127.0.0.1", "-p", "\(running.port)", "consul", "SOA", transport, "-y",
                "hmac-sha256:secondary:AAECAwQFBgcICQoLDA0ODw==",
            ])
            #expect(wrong.contains("NOTAUTH") && wrong.contains("BADSIG"))
        }
    }
}

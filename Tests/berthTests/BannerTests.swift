import DNS
import Registry
import Settings
import Testing

@testable import berth

@Suite struct `The banner` {
    private func banner(_ flags: [SettingsKey: [String]], service: String? = "nginx") throws -> Banner {
        let settings = try Settings(flags: flags)
        let agent = try agent(domain: settings.identity.domain)
        return Banner(settings, agent, dnsPort: 8600, httpPort: 49152, service: service)
    }

    private func agent(domain: DomainName) throws -> Agent {
        Agent(
            node: try NodeName("server01"), nodeID: "", address: .v4(0x0a0b_61b5), datacenter: "dc1", domain: domain)
    }

    @Test func `it says what listens, what is watched, where the data is, and what to try`() throws {
        let text = try banner([.zones: ["/etc"], .template: ["nginx.ctmpl:/etc/nginx.conf:nginx -s reload"]]).text(
            colour: false)
        #expect(
            text == """
                Berth \(Version.current)

                  DNS       127.0.0.1:8600, UDP and TCP, for *.service.consul
                  HTTP      127.0.0.1:49152
                  Docker    unix:///var/run/docker.sock
                  data      berth-data
                  zones     /etc
                  node      server01 in dc1, advertised as 10.11.97.181
                  template  nginx.ctmpl -> /etc/nginx.conf

                  try it    dig @127.0.0.1 -p 8600 nginx.service.consul SRV


                """)
    }

    @Test(arguments: [
        (["0.0.0.0"], "127.0.0.1"), (["::"], "::1"), (["10.0.0.1", "127.0.0.1"], "10.0.0.1"), (["::1"], "::1"),
    ])
    func `the line to try reaches this host`(_ listen: [String], _ server: String) throws {
        let text = try banner([.listen: listen, .domain: ["lab"]]).text(colour: false)
        #expect(text.contains("dig @\(server) -p 8600 nginx.service.lab SRV\n"))
    }

    @Test(arguments: [("10.11.97.181", "A"), ("fd00::1", "AAAA")])
    func `where no service is answered yet, the node is`(_ address: String, _ type: String) throws {
        var agent = try agent(domain: DomainName(text: "lab."))
        agent.address = try #require(IPAddress(address))
        let settings = try Settings(flags: [.domain: ["lab"]])
        let text = Banner(settings, agent, dnsPort: 53, httpPort: 80, service: nil).text(colour: false)
        #expect(text.contains("dig @127.0.0.1 -p 53 server01.node.lab \(type)\n"))
    }

    @Test func `a folder of zones that does not exist is not shown as one`() throws {
        let text = try banner([.zones: ["/nowhere/zones"]]).text(colour: false)
        #expect(text.contains("zones   none: there is no folder /nowhere/zones\n"))
    }

    @Test func `colour is for terminals`() throws {
        let banner = try banner([:])
        #expect(!banner.text(colour: false).contains("\u{1b}"))
        #expect(banner.text(colour: true).contains("\u{1b}[1mBerth"))
    }
}

import DNS
import Foundation
import Settings
import Testing

@Suite struct `The defaults` {
    private let sample = URL(filePath: #filePath).appending(path: "../../../Config/berth.yaml").standardized.path

    @Test func `the sample file holds exactly the defaults`() throws {
        #expect(try Settings(file: sample) == Settings())
    }

    @Test(arguments: SettingsKey.allCases)
    func `the sample file shows every key`(_ key: SettingsKey) throws {
        let text = try String(contentsOfFile: sample, encoding: .utf8)
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("\(key.rawValue):") })
    }

    @Test func `no file and no flags give the defaults`() throws {
        #expect(try Settings() == Settings(file: nil, flags: [:]))
    }

    @Test(arguments: ["", "# nothing yet\n", "---\n", "~\n", "{}\n"])
    func `a file that says nothing gives the defaults`(_ text: String) throws {
        let settings = try withFile(text) { try Settings(file: $0) }
        #expect(settings == Settings())
    }

    @Test(arguments: [
        (SettingsKey.listen, "127.0.0.1"), (.dnsPort, "8600"), (.httpPort, "8500"), (.dnsUDPSize, "1232"),
        (.httpConnections, "10000"), (.httpConnectionsPerClient, "200"), (.httpHeaderSize, "65536"),
        (.httpURISize, "32768"), (.httpBodySize, "1048576"), (.kvValueSize, "524288"),
        (.snapshotSize, "an eighth of the memory"),
        (.dnsAnswerLimit, "0"), (.dnsRateLimit, "0"), (.dnsIdentity, "none"),
        (.dnsServiceTTL, "*=1s"), (.dnsNodeTTL, "1s"), (.dnsNegativeTTL, "1s"), (.dnsOrder, "random"),
        (.dnsSpin, "auto"),
        (.dnsSegments, "off"), (.domain, "consul"), (.altDomain, "none"),
        (.datacenter, "dc1"), (.docker, "unix:///var/run/docker.sock"), (.dataDir, "berth-data"),
        (.namePolicy, "reject"), (.checkTargets, "any address"), (.enableScriptChecks, "off"),
        (.checkFlapLimit, "0"), (.checkFlapWindow, "300s"), (.zones, "zones"),
        (.recursor, "none"),
        (.allowRecursion, "loopback docker"), (.transferTo, "nobody"), (.notify, "none"), (.tsigKey, "none"),
        (.template, "none"), (.templateCheck, "none"),
        (.logLevel, "info"), (.logFormat, "text"),
    ])
    func `the help shows what holds when a flag is not given`(_ key: SettingsKey, _ text: String) {
        #expect(key.defaultText == text)
    }
}

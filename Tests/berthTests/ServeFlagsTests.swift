import ArgumentParser
import DNS
import Registry
import Settings
import Testing

@testable import berth

@Suite struct `The flags of berth serve` {
    @Test func `every setting has a flag, and every flag arrives at its setting`() throws {
        let given: [(SettingsKey, String)] = [
            (.listen, "10.0.0.1"), (.dnsPort, "53"), (.httpPort, "80"), (.httpConnections, "9"),
            (.httpConnectionsPerClient, "8"), (.httpHeaderSize, "8192"), (.httpURISize, "1024"),
            (.httpBodySize, "2048"),
            (.kvValueSize, "4096"), (.snapshotSize, "2097152"), (.dnsUDPSize, "4096"),
            (.dnsAnswerLimit, "8"), (.dnsRateLimit, "200"), (.dnsIdentity, "berth-1"),
            (.dnsServiceTTL, "web*=10s"), (.dnsNodeTTL, "2s"), (.dnsNegativeTTL, "3s"), (.dnsOrder, "web=stable"),
            (.dnsSpin, "on"),
            (.dnsSegments, "on"), (.domain, "lab"), (.altDomain, "lab2"),
            (.datacenter, "dc2"),
            (.node, "server01"), (.advertise, "10.0.0.2"), (.docker, "tcp://10.0.0.3:2375"), (.dataDir, "/data"),
            (.namePolicy, "allow"), (.checkTargets, "10.0.0.0/8"), (.checkFlapLimit, "4"),
            (.checkFlapWindow, "60s"), (.enableScriptChecks, "on"), (.zones, "/zones"),
            (.recursor, "10.0.0.4:5353"),
            (.allowRecursion, "10.0.0.0/8"), (.transferTo, "10.0.0.0/8"), (.notify, "10.0.0.4:5353"),
            (.tsigKey, "/dev/null"), (.template, "a:b:c"), (.templateCheck, "true"),
            (.logLevel, "debug"), (.logFormat, "json"),
        ]
        #expect(given.map(\.0) == SettingsKey.allCases)
        let flags = try ServeFlags.parse(given.flatMap { ["--\($0.0.rawValue)", $0.1] })
        let settings = try flags.settings()
        for (key, text) in given where key != .template { #expect(settings.texts(of: key) == [text]) }
        #expect(settings.templates.files.map(\.description) == ["a:b:c"])
    }

    @Test func `no flags are the defaults`() throws {
        #expect(try ServeFlags.parse([]).settings() == Settings())
    }

    @Test func `listen and template may be given several times`() throws {
        let arguments = ["--listen", "10.0.0.1", "--listen", "::1", "--template", "a:b", "--template", "c:d:e f"]
        let settings = try ServeFlags.parse(arguments).settings()
        #expect(settings.texts(of: .listen) == ["10.0.0.1", "::1"])
        #expect(settings.templates.files.map(\.description) == ["a:b", "c:d:e f"])
    }

    @Test func `what only the host can tell is told at once with all else that is wrong`() throws {
        let flags = try ServeFlags.parse([
            "--recursor", "127.0.0.1:8600", "--recursor", "10.0.0.9", "--transfer-to", "192.0.2.1,key",
            "--zones", "/etc/passwd",
        ])
        let error = try #require(throws: SettingsError.self) { try flags.settings() }
        #expect(
            error.problems.map(\.description) == [
                "--zones: must be the path of a folder; \"/etc/passwd\" is a file",
                "--transfer-to: no key key. is known; name the file that has it with tsig-key",
                "--recursor: the recursor 127.0.0.1:8600 is this server itself; name one that resolves other names",
            ])
    }

    @Test func `what is no flag is told at once with all else that is wrong`() throws {
        let flags = try ServeFlags.parse([
            "stray", "--gossip", "on", "--dns-port", "x", "--data_dir=d", "more", "-v", "--domain", "lab",
            "--http-port", "80",
        ])
        do throws(SettingsError) {
            _ = try flags.settings()
            Issue.record("nothing is refused")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "--dns-port: must be a whole number from 0 to 65535, not \"x\"",
                    "\"stray\" belongs to no flag",
                    "there is no flag \"--gossip\"; berth serve --help lists all",
                    "there is no flag \"--data_dir\"; did you mean --data-dir?",
                    "\"more\" belongs to no flag",
                    "there is no flag \"-v\"; berth serve --help lists all",
                ])
        }
    }

    @Test(arguments: ["--help", "-h", "--version"]) func `a question of use is still one`(_ flag: String) {
        #expect(!((try? Berth.parseAsRoot(["serve", flag])) is Serve))
    }

    @Test func `the help names each setting with its default`() {
        let help = Serve.helpMessage(columns: 1000)
        for key in SettingsKey.allCases {
            #expect(help.contains("--\(key.rawValue) <\(key.placeholder)>"))
            #expect(help.contains("\(key.summary). (default: \(key.defaultText))"))
        }
    }
}

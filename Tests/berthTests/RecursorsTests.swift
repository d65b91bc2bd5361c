import DNS
import Settings
import Testing

@testable import berth

@Suite struct `The recursors` {
    /// What the flags come to on a host with one address, 10.0.0.2, and this resolv.conf.
    private func servers(_ flags: [SettingsKey: [String]], resolvConf: String = "") throws -> [String] {
        let address = InterfaceAddress(interface: "eth0", address: try #require(IPAddress("10.0.0.2")))
        let recursors = Recursors(
            try Settings(flags: flags), host: { [address] }, resolvConf: { ResolvConf(resolvConf) })
        return try recursors.servers().map(\.description)
    }

    @Test func `are asked in their order, each once, with the host's in their place`() throws {
        let flags: [SettingsKey: [String]] = [.recursor: ["10.0.0.9:5353", "resolv.conf", "10.0.0.7", "10.0.0.9:5353"]]
        let text = "# mine\nsearch lab\nnameserver 10.0.0.7\noptions ndots:1\nnameserver fd00::53\n"
        #expect(try servers(flags, resolvConf: text) == ["10.0.0.9:5353", "10.0.0.7", "fd00::53"])
        #expect(try servers([:], resolvConf: text).isEmpty)
    }

    @Test(arguments: [
        (["127.0.0.1"], "127.0.0.1"), (["0.0.0.0"], "127.0.0.53"), (["0.0.0.0"], "10.0.0.2"), (["::"], "::1"),
    ])
    func `are never Berth itself`(_ listen: [String], _ server: String) throws {
        let flags: [SettingsKey: [String]] = [.listen: listen, .dnsPort: ["53"]]
        #expect(throws: RecursorError.self) { try servers(flags.merging([.recursor: [server]]) { $1 }) }
        let host = flags.merging([.recursor: ["resolv.conf"]]) { $1 }
        #expect(try servers(host, resolvConf: "nameserver \(server)\nnameserver 10.0.0.9\n") == ["10.0.0.9"])
        #expect(throws: RecursorError.noneInResolvConf) {
            try servers(host, resolvConf: "nameserver \(server)\n")
        }
    }

    @Test(arguments: [(["127.0.0.1"], "127.0.0.53"), (["0.0.0.0"], "10.0.0.9"), (["0.0.0.0"], "::1")])
    func `may be on the same host`(_ listen: [String], _ server: String) throws {
        #expect(try servers([.listen: listen, .dnsPort: ["53"], .recursor: [server]]) == [server])
        #expect(try servers([.recursor: ["127.0.0.1"]]) == ["127.0.0.1"])
    }

    @Test func `a resolv.conf counts as the C library counts it`() {
        let text =
            "nameserver 10.0.0.1\n nameserver\tfe80::1%eth0\nnameserver\nserver 10.0.0.8\nnameserver 10.0.0.2 # b\n"
        #expect(
            ResolvConf(text + "nameserver 10.0.0.3\nnameserver 10.0.0.4\n").servers.map(\.description) == [
                "10.0.0.1", "10.0.0.2", "10.0.0.3",
            ])
        #expect(ResolvConf("").servers.isEmpty)
    }
}

@Suite struct `The networks of Docker's bridges` {
    @Test(arguments: [
        ("docker0", true), ("br-0123456789ab", true), ("br-lan", false), ("br-0123456789abc", false),
        ("br-0123456789AB", false), ("eth0", false), ("docker01", false), ("br0", false),
    ])
    func `are known by the bridges' names`(_ interface: String, _ isBridge: Bool) throws {
        let entry = InterfaceAddress(
            interface: interface, address: try #require(IPAddress("172.17.0.1")), network: IPPrefix("172.17.0.1/16"))
        let networks = InterfaceAddress.dockerNetworks(among: [entry]).map(\.description)
        #expect(networks == (isBridge ? ["172.17.0.0/16"] : []))
    }

    @Test func `come with the addresses that the system tells`() throws {
        let loopback = try #require(InterfaceAddress.all.first { $0.address.description == "127.0.0.1" })
        #expect(loopback.network?.description == "127.0.0.0/8")
    }
}

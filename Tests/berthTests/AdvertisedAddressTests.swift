import DNS
import Testing

@testable import berth

private func interface(_ name: String, _ address: String, isUp: Bool = true) throws -> InterfaceAddress {
    InterfaceAddress(interface: name, address: try #require(IPAddress(address)), isUp: isUp)
}

@Suite struct `The default route` {
    private static let heading = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"

    @Test(
        arguments: [
            ("", nil),
            ("eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "eth0"),
            ("docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n", nil),
            // The lowest metric wins, wherever it stands.
            (
                "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                    + "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "eth0"
            ),
            // Down, and rejecting.
            ("eth0\t00000000\t0100A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n", nil),
            ("lo\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n", nil),
            // The two halves of 0.0.0.0/0 that some VPNs set are narrower routes.
            ("tun0\t00000000\t010011AC\t0003\t0\t0\t0\t00000080\t0\t0\t0\n", nil),
            ("eth0\tnonsense\n\n???", nil),
        ] as [(String, String?)])
    func `its interface is read from the kernel's table`(_ routes: String, _ interface: String?) {
        #expect(DefaultRoute.interface(inTable: Self.heading + routes) == interface)
    }

    @Test func `a table without even a heading has none`() {
        #expect(DefaultRoute.interface(inTable: "") == nil)
    }
}

@Suite struct `The advertised address` {
    private let toEth1 = "heading\neth1 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0\n"

    @Test func `it is the address of the default route's interface, IPv4 first`() throws {
        let all = try [
            interface("lo", "127.0.0.1"), interface("eth0", "10.0.0.1"), interface("eth1", "fe80::1"),
            interface("eth1", "2001:db8::1"), interface("eth1", "192.0.2.1"), interface("eth1", "192.0.2.2"),
        ]
        #expect(AdvertisedAddress.choose(routes: toEth1, among: all) == AdvertisedAddress(address: .v4(0xc000_0201)))
    }

    @Test func `without a default route it is the first outside address, with a doubt`() throws {
        let all = try [
            interface("lo", "127.0.0.1"), interface("docker0", "172.17.0.1"),
            interface("eth9", "10.9.0.1", isUp: false),
            interface("eth0", "169.254.1.1"), interface("eth0", "10.0.0.1"),
        ]
        let chosen = AdvertisedAddress.choose(routes: "", among: all)
        #expect(chosen.address == .v4(0x0a00_0001))
        #expect(chosen.doubt == "there is no default route, so the address of eth0 is advertised")
    }

    @Test func `a bridge is better than nothing`() throws {
        let all = try [interface("lo", "127.0.0.1"), interface("docker0", "172.17.0.1")]
        #expect(AdvertisedAddress.choose(routes: "", among: all).address == .v4(0xac11_0001))
    }

    @Test func `an IPv6 host advertises IPv6`() throws {
        let all = try [interface("lo", "::1"), interface("eth0", "fe80::1"), interface("eth0", "2001:db8::1")]
        #expect(AdvertisedAddress.choose(routes: "", among: all).address == IPAddress("2001:db8::1"))
    }

    @Test func `loopback is what is left`() throws {
        let chosen = AdvertisedAddress.choose(routes: "", among: [try interface("lo", "127.0.0.1")])
        #expect(chosen.address.isLoopback)
        #expect(chosen.doubt != nil)
    }

    @Test func `the kernel names the loopback interface`() {
        #expect(InterfaceAddress.all.contains { $0.interface == "lo" && $0.address == .v4(0x7f00_0001) && $0.isUp })
    }
}

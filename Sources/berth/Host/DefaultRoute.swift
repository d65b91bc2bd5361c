/// Which interface packets leave by that no narrower route takes.
enum DefaultRoute {
    /// Reads the kernel's IPv4 routing table (proc(5), `/proc/net/route`):
    ///
    ///     Iface  Destination  Gateway   Flags  RefCnt  Use  Metric  Mask      MTU  Window  IRTT
    ///     eth0   00000000     0100A8C0  0003   0       0    100     00000000  0    0       0
    ///
    /// - Returns: the interface of the default route with the lowest metric; `nil` if there is none.
    static func interface(inTable table: String) -> String? {
        table.split(separator: "\n").dropFirst().compactMap(route).min { $0.metric < $1.metric }?.interface
    }

    private static func route(_ line: Substring) -> (interface: String, metric: UInt32)? {
        let fields = line.split { $0 == "\t" || $0 == " " }
        guard fields.count >= 8, UInt32(fields[1], radix: 16) == 0, UInt32(fields[7], radix: 16) == 0,
            let flags = UInt16(fields[3], radix: 16), flags & isUp != 0, flags & isRejected == 0,
            let metric = UInt32(fields[6])
        else { return nil }
        return (String(fields[0]), metric)
    }

    /// RTF_UP and RTF_REJECT of `linux/route.h`.
    private static let isUp: UInt16 = 0x0001
    private static let isRejected: UInt16 = 0x0200
}

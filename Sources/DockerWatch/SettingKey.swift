import Registry

/// What follows `SERVICE_` in a key that is read, in lower case: `name`, `80_name`, `53_udp_name`.
struct SettingKey {
    var setting: ContainerLabels.Setting
    /// `nil`: for the whole container.
    var target: Target?

    /// The port of a container that a setting is for.
    struct Target: CustomStringConvertible {
        /// Digits, as they were spelled, which may make no port.
        var number: String
        /// `nil`: any.
        var transport: TransportProtocol?

        func includes(_ port: ContainerPort) -> Bool {
            number == "\(port.number)" && (transport ?? port.transport) == port.transport
        }

        var description: String { transport.map { "\(number)/\($0.rawValue)" } ?? number }
    }

    /// - Returns: `nil` for a key that nobody reads.
    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count <= 3, let last = parts.last, let setting = ContainerLabels.Setting(rawValue: String(last))
        else { return nil }
        self.setting = setting
        guard parts.count > 1 else { return }
        guard !parts[0].isEmpty, parts[0].utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            return nil
        }
        target = Target(number: String(parts[0]))
        guard parts.count > 2 else { return }
        guard let transport = TransportProtocol(rawValue: String(parts[1])) else { return nil }
        target?.transport = transport
    }
}

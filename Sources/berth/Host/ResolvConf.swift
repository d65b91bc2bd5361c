import DNS
import Foundation

/// The name servers of a resolv.conf(5).
struct ResolvConf {
    static let path = "/etc/resolv.conf"

    var servers: [ServerAddress]

    /// Reads the lines `nameserver ADDRESS`; the first three count, as they do for the C library. An address with a zone
    /// (`fe80::1%eth0`) cannot be asked, and is left out.
    init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(whereSeparator: \.isWhitespace) }
        servers = lines.compactMap { words in
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            return IPAddress(words[1]).flatMap { ServerAddress($0) }
        }
        servers = Array(servers.prefix(3))
    }

    /// The host's; without servers if there is none.
    static var host: ResolvConf { ResolvConf((try? String(contentsOfFile: path, encoding: .utf8)) ?? "") }
}

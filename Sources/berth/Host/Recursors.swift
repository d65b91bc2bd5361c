import DNS
import Settings

/// The servers that other people's names are asked of, as settings and host have them.
struct Recursors {
    private let settings: Settings
    private let host: () -> [InterfaceAddress]
    private let resolvConf: () -> ResolvConf

    init(
        _ settings: Settings, host: @escaping () -> [InterfaceAddress] = { InterfaceAddress.all },
        resolvConf: @escaping () -> ResolvConf = { .host }
    ) {
        self.settings = settings
        self.host = host
        self.resolvConf = resolvConf
    }

    /// In their order, each once.
    ///
    /// - Throws: ``RecursorError``, the first of ``mistakes``.
    func servers() throws(RecursorError) -> [ServerAddress] {
        var servers: [ServerAddress] = []
        for source in settings.recursion.recursors { servers += try self.servers(of: source) }
        var seen: Set<ServerAddress> = []
        return servers.filter { seen.insert($0).inserted }
    }

    /// Everything that keeps them from being used.
    var mistakes: [RecursorError] {
        settings.recursion.recursors.compactMap { source in
            do throws(RecursorError) {
                _ = try servers(of: source)
                return nil
            } catch {
                return error
            }
        }
    }

    private func servers(of source: RecursorSource) throws(RecursorError) -> [ServerAddress] {
        switch source {
        case .server(let server):
            guard !isThisServer(server) else { throw .isThisServer(server) }
            return [server]
        case .resolvConf:
            // Where the host itself uses Berth, the file names it: what else is there is meant.
            let others = resolvConf().servers.filter { !isThisServer($0) }
            guard !others.isEmpty else { throw .noneInResolvConf }
            return others
        }
    }

    /// A recursor that is this server would have each query go round and round.
    private func isThisServer(_ server: ServerAddress) -> Bool {
        guard server.port == settings.listen.dnsPort else { return false }
        return settings.listen.addresses.contains { listen in
            listen == server.address
                || listen.isUnspecified && listen.octets.count == server.address.octets.count
                    && (server.address.isLoopback || host().contains { $0.address == server.address })
        }
    }
}

/// Why a recursor cannot be used.
enum RecursorError: Error, Equatable, CustomStringConvertible {
    case isThisServer(ServerAddress)
    case noneInResolvConf

    var description: String {
        switch self {
        case .isThisServer(let server):
            "the recursor \(server) is this server itself; name one that resolves other names"
        case .noneInResolvConf:
            "\(ResolvConf.path) names no server to ask for other names; give one with --recursor ADDRESS"
        }
    }
}

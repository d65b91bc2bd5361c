import DNS
import Glibc
import Logging

extension DNSServer {
    /// The processors that this process may use.
    package static var activeCores: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }

    struct Bound {
        var sockets: [UDPSocket]
        var listener: TCPListener
    }

    /// How many ports are tried before giving up, where any will do.
    private static let attempts = 16

    /// The ports that are tried where any will do: none that the system gives to clients (`ip_local_port_range`).
    ///
    /// The workers share their port. A client that lets its own be shared too, as dig does, may be given one that is in
    /// use so; were it ours, what it asks us would come back to itself, and it would take that for the reply.
    private static let ports: Range<UInt16> = 10_240..<32_768

    /// Binds one port for both transports on every address.
    ///
    /// TCP goes first. Its port cannot be shared, so it shows whether another server is there, which UDP sockets that
    /// share a port would not.
    static func bind(
        _ configuration: Configuration, _ answer: @escaping TCPAnswering, _ logger: Logger
    ) throws(DNSServerError) -> Bound {
        guard !configuration.listen.isEmpty else { throw .noAddress }
        var attempt = 1
        while true {
            do {
                let port = configuration.port == 0 ? .random(in: ports) : configuration.port
                return try bindOnce(configuration, port: port, answer, logger)
            } catch {
                guard configuration.port == 0, attempt < attempts, case .cannotListen(_, _, _, EADDRINUSE) = error
                else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    private static func bindOnce(
        _ configuration: Configuration, port: UInt16, _ answer: @escaping TCPAnswering, _ logger: Logger
    ) throws(DNSServerError) -> Bound {
        let listener = try TCPListener(
            configuration.listen, port: port, limits: configuration.tcp, logger: logger, answer: answer)
        var sockets: [UDPSocket] = []
        for address in configuration.listen {
            do {
                sockets += try UDPSocket.bindGroup(
                    address: address, port: listener.port, count: max(1, configuration.workers))
            } catch {
                throw .cannotListen(address: address, port: listener.port, transport: .udp, code: error.code)
            }
        }
        return Bound(sockets: sockets, listener: listener)
    }

    /// One worker for each socket, with the memory it needs: a socket that nobody reads from would take its share of the
    /// queries all the same.
    static func workers(
        for sockets: [UDPSocket], _ table: AnswerTable, _ recursion: Recursion?, _ options: UDPWorker.Options,
        _ logger: Logger
    ) throws(DNSServerError) -> [UDPWorker] {
        var workers: [UDPWorker] = []
        for socket in sockets {
            do {
                workers.append(
                    try UDPWorker(
                        socket: socket, table: table, recursion: recursion, options: options, logger: logger))
            } catch {
                throw .cannotListen(address: socket.address, port: socket.port, transport: .udp, code: ENOMEM)
            }
        }
        return workers
    }
}

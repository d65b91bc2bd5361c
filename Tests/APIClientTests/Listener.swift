import Glibc

/// A socket whose connections nobody ever takes.
struct Listener {
    private let socket: CInt
    let port: UInt16

    init() throws {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        // Safe: a sockaddr_in is passed as what it begins with, with its own length.
        let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(socket, pointer, length) != 0 || listen(socket, 8) != 0
                    || getsockname(socket, pointer, &length) != 0
            }
        }
        guard !failed else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
    }

    func close() { _ = Glibc.close(socket) }
}

private struct CannotListen: Error {}

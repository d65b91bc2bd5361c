import DNS
import Foundation
import Glibc

extension GivenValue {
    func transferPeer() throws(Refusal) -> TransferPeer {
        let (place, key) = try placeAndKey("ADDR[/PREFIX][,KEY]")
        guard let addresses = IPPrefix(place) else {
            throw Refusal(
                "must be an address, or a block of them such as 10.0.0.0/8, and may have a key behind a comma; "
                    + "\(shown) is not")
        }
        return TransferPeer(addresses: addresses, key: key)
    }

    func notifiedPeer() throws(Refusal) -> NotifiedPeer {
        let (place, key) = try placeAndKey("ADDR[:PORT][,KEY]")
        guard let server = ServerAddress(place) else {
            throw Refusal("must be ADDR[:PORT][,KEY], an IPv6 address with a port in brackets, not \(shown)")
        }
        return NotifiedPeer(server: server, key: key)
    }

    /// Reads a file of keys (``TSIGKeyFile``).
    func keyFile() throws(Refusal) -> KeyFile {
        guard case .scalar(let path, _) = form, !path.isEmpty else {
            throw Refusal("must be the path of a file of keys, not \(shown)")
        }
        let (text, mode): (String, mode_t)
        do {
            (text, mode) = try Self.read(path)
        } catch {
            throw Refusal("\(path.shown) cannot be read; write keys into it with tsig-keygen")
        }
        do {
            let isOpen = mode & S_IFMT == S_IFREG && mode & S_IROTH != 0
            return KeyFile(path: path, keys: try TSIGKeyFile.keys(in: text), isOpenToEverybody: isOpen)
        } catch {
            throw Refusal(error.all.map { Refusal.Reason(text: $0.reason, origin: .file(path, line: $0.line)) })
        }
    }

    /// The file may be a pipe that keys are written into.
    private static func read(_ path: String) throws -> (text: String, mode: mode_t) {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        var status = stat()
        guard unsafe fstat(file.fileDescriptor, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
        let data = try file.read(upToCount: longestKeyFile) ?? Data()
        return (String(decoding: data, as: UTF8.self), status.st_mode)
    }

    /// Octets: some thousand keys.
    private static let longestKeyFile = 1 << 20

    private func placeAndKey(_ what: String) throws(Refusal) -> (place: String, key: DomainName?) {
        guard case .scalar(let text, _) = form, !text.isEmpty else {
            throw Refusal("must be \(what), not \(shown)")
        }
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return (text, nil) }
        do {
            return (parts[0], try DomainName(text: parts[1]))
        } catch {
            throw Refusal("the key behind the comma is no name: \(error)")
        }
    }
}

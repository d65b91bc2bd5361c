/// Why octets are no archive that can be restored. Nothing was changed.
package enum SnapshotError: Error, Equatable, Sendable {
    case notGzip(String)
    case cutShort
    case trailingOctets
    /// Not the files that an archive has, in their order.
    case wrongFiles(String)
    case consuls
    case foreign
    /// A later version's.
    case newer(version: Int)
    case wrongMeta(String)
    case wrongRecord(number: Int, reason: String)
    case wrongChecksum(file: String)
    case tooLarge(limit: Int)
}

extension SnapshotError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notGzip(let reason): "the snapshot is not a gzip file: \(reason)"
        case .cutShort: "the snapshot ends too early"
        case .trailingOctets: "something follows the end of the snapshot"
        case .wrongFiles(let reason): "the snapshot is not an archive that Berth has made: \(reason)"
        case .consuls:
            "this snapshot was made by Consul, whose servers alone can read it: bring its keys over with "
                + "\"consul kv export\" and \"berth kv import\", and let services register here again"
        case .foreign: "the snapshot was not made by Berth"
        case .newer(let version): "the snapshot has format \(version), of a later Berth: restore it with that one"
        case .wrongMeta(let reason): "the snapshot's meta.json is damaged: \(reason)"
        case .wrongRecord(let number, let reason): "the snapshot is damaged: in record \(number), \(reason)"
        case .wrongChecksum(let file): "the snapshot is damaged: the SHA-256 checksum of \(file) is wrong"
        case .tooLarge(let limit):
            "the snapshot is too large: it holds more than the \(limit) octets that snapshot-size lets it"
        }
    }
}

package import Foundation
import Registry

/// `meta.json` of an archive.
package struct SnapshotMeta: Codable, Equatable, Sendable {
    /// Of the archive, whoever made it: Consul's has none.
    package static let format = "berth"
    package static let currentVersion = 1

    package var format: String
    package var version: Int
    /// Names this archive, as Consul's meta does.
    package var id: String
    /// The catalog's.
    package var index: UInt64
    /// Octets of `state.bin`.
    package var size: Int
    /// In `state.bin`.
    package var records: Int
    package var node: String
    package var datacenter: String
    /// The version of Berth that made it.
    package var madeBy: String
    package var time: Date

    enum CodingKeys: String, CodingKey {
        case format = "Format"
        case version = "Version"
        case id = "ID"
        case index = "Index"
        case size = "Size"
        case records = "Records"
        case node = "Node"
        case datacenter = "Datacenter"
        case madeBy = "Berth"
        case time = "Time"
    }

    var octets: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            return Array(try encoder.encode(self))
        }
    }

    /// What every archive of this kind says of itself.
    private struct Maker: Decodable {
        var format: String?
        var version: Int?
        var term: UInt64?

        enum CodingKeys: String, CodingKey {
            case format = "Format"
            case version = "Version"
            case term = "Term"
        }
    }

    init(octets: [UInt8]) throws(SnapshotError) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let maker: Maker
        do {
            maker = try decoder.decode(Maker.self, from: Data(octets))
        } catch {
            throw .wrongMeta("it is not the JSON that it should be")
        }
        guard maker.format == Self.format else { throw maker.format == nil && maker.term != nil ? .consuls : .foreign }
        guard maker.version == Self.currentVersion else {
            guard let version = maker.version, version > Self.currentVersion else {
                throw .wrongMeta("there is no such version")
            }
            throw .newer(version: version)
        }
        do {
            self = try decoder.decode(SnapshotMeta.self, from: Data(octets))
        } catch {
            throw .wrongMeta("it is not the JSON that it should be")
        }
        guard index <= CatalogRecord.greatestIndex else { throw .wrongMeta("its index is too great") }
    }

    package init(
        index: UInt64, size: Int, records: Int, node: String, datacenter: String, madeBy: String, time: Date
    ) {
        format = Self.format
        version = Self.currentVersion
        id = "\(index)-\(Int(time.timeIntervalSince1970 * 1000))"
        self.index = index
        self.size = size
        self.records = records
        self.node = node
        self.datacenter = datacenter
        self.madeBy = madeBy
        self.time = time
    }
}

/// The names of an archive's files, in their order.
enum SnapshotFile: String, CaseIterable {
    case meta = "meta.json"
    case state = "state.bin"
    case checksums = "SHA256SUMS"
}

import Foundation
import Registry

/// One instance as `/v1/agent/service/{id}` shows it.
struct HashedServiceJSON: Encodable, Hashed {
    let contentHash: String
    private let service: AgentServiceJSON

    enum CodingKeys: String, CodingKey {
        case contentHash = "ContentHash"
    }

    init(_ instance: ServiceInstance) throws {
        service = AgentServiceJSON(instance)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        contentHash = Self.hash(try encoder.encode(service))
    }

    func encode(to encoder: any Encoder) throws {
        try service.encode(to: encoder)
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(contentHash, forKey: .contentHash)
    }

    /// FNV-1a, 64 bits, as 16 hexadecimal digits: stable between runs, which `Hasher` is not.
    private static func hash(_ octets: Data) -> String {
        let hash = octets.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

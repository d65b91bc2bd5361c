package import Foundation

/// A key with its value, as `/v1/kv` shows it.
package struct StoredKey: Decodable, Sendable {
    package let key: String
    package let flags: UInt64
    package let value: Data
    package let session: String?
    package let lockIndex: UInt64
    package let createIndex: UInt64
    package let modifyIndex: UInt64

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case flags = "Flags"
        case value = "Value"
        case session = "Session"
        case lockIndex = "LockIndex"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    package init(from decoder: any Decoder) throws {
        let json = try decoder.container(keyedBy: CodingKeys.self)
        key = try json.decode(String.self, forKey: .key)
        flags = try json.decode(UInt64.self, forKey: .flags)
        // An empty value is null.
        value = try json.decodeIfPresent(Data.self, forKey: .value) ?? Data()
        session = try json.decodeIfPresent(String.self, forKey: .session).flatMap { $0.isEmpty ? nil : $0 }
        lockIndex = try json.decode(UInt64.self, forKey: .lockIndex)
        createIndex = try json.decode(UInt64.self, forKey: .createIndex)
        modifyIndex = try json.decode(UInt64.self, forKey: .modifyIndex)
    }
}

extension APIRequest {
    /// `/v1/kv/KEY`. Keys have no slash in front; people often write one.
    package static func key(_ method: Method = .get, _ key: String) -> APIRequest {
        APIRequest(method, "/v1/kv/", key.hasPrefix("/") ? String(key.dropFirst()) : key)
    }
}

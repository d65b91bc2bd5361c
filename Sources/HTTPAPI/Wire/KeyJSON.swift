import Foundation
import Registry

/// A key with its value, as `/v1/kv` and `/v1/txn` show it.
struct KeyJSON: Encodable {
    var lockIndex: UInt64
    var key: String
    var flags: UInt64
    /// Base64; `nil`: it is empty, or is left out.
    var value: String?
    var session: String?
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case lockIndex = "LockIndex"
        case key = "Key"
        case flags = "Flags"
        case value = "Value"
        case session = "Session"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ entry: KeyEntry, showsValue: Bool = true) {
        lockIndex = entry.lockIndex
        key = entry.key.text
        flags = entry.flags
        value = entry.value.isEmpty || !showsValue ? nil : Data(entry.value).base64EncodedString()
        session = entry.session
        createIndex = entry.createIndex
        modifyIndex = entry.modifyIndex
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(lockIndex, forKey: .lockIndex)
        try json.encode(key, forKey: .key)
        try json.encode(flags, forKey: .flags)
        // Also where there is none.
        try json.encode(value, forKey: .value)
        try json.encodeIfPresent(session, forKey: .session)
        try json.encode(createIndex, forKey: .createIndex)
        try json.encode(modifyIndex, forKey: .modifyIndex)
    }
}

import Glibc

/// Signs requests, and the messages that answer one signed request: each signature covers the one before it, so that
/// none can be left out or moved (RFC 8945 5.3).
package struct TSIGSigner: Sendable {
    private let key: TSIGKey
    /// The request's signature, then that of each reply.
    package private(set) var mac: [UInt8]
    private var isFirst = true

    /// Octets that a signature adds to a message.
    package var length: Int {
        key.name.wire.count + 10 + key.algorithm.wire.count + 8 + 2 + key.algorithm.length + 6
    }

    package var keyName: DomainName { key.name }

    init(_ key: TSIGKey, answering request: TSIGRecord) {
        self.key = key
        mac = request.mac
    }

    /// Signs a request.
    ///
    /// - Returns: the signed request, and the MAC that its answer's signature covers.
    package static func request(
        _ message: [UInt8], _ key: TSIGKey, at now: UInt64 = TSIGClock.now
    ) -> (message: [UInt8], mac: [UInt8]) {
        var record = TSIGRecord(key, of: message, at: now)
        record.mac = key.mac(of: message + record.variables)
        return (append(record, to: message), record.mac)
    }

    /// Signs the next reply.
    package mutating func sign(_ message: [UInt8], at now: UInt64 = TSIGClock.now) -> [UInt8] {
        var record = TSIGRecord(key, of: message, at: now)
        record.mac = key.mac(of: prior + message + (isFirst ? record.variables : record.timers))
        mac = record.mac
        isFirst = false
        return Self.append(record, to: message)
    }

    /// Signs a reply with a record that says what was wrong.
    func sign(_ message: [UInt8], as record: TSIGRecord) -> [UInt8] {
        var record = record
        record.mac = key.mac(of: prior + message + record.variables)
        return Self.append(record, to: message)
    }

    private var prior: [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: UInt16(truncatingIfNeeded: mac.count))
        return octets + mac
    }

    /// Adds a record to the additional section.
    static func append(_ record: TSIGRecord, to message: [UInt8]) -> [UInt8] {
        var message = message + record.wire
        let count = (UInt16(message[10]) << 8 | UInt16(message[11])) + 1
        message[10] = UInt8(count >> 8)
        message[11] = UInt8(truncatingIfNeeded: count)
        return message
    }
}

extension TSIGRecord {
    fileprivate init(_ key: TSIGKey, of message: [UInt8], at now: UInt64) {
        let algorithm = key.algorithm.rawValue
        self.init(
            key: key.name, algorithm: DomainName(uncheckedWire: [UInt8(algorithm.utf8.count)] + algorithm.utf8 + [0]),
            time: now, fudge: Self.usualFudge,
            originalIdentifier: UInt16(message[0]) << 8 | UInt16(message[1]))
    }
}

/// The clock that signatures are dated by.
package enum TSIGClock {
    /// Seconds since 1970.
    package static var now: UInt64 { UInt64(max(0, time(nil))) }
}

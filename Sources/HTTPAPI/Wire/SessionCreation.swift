import Foundation
import Registry

/// The body of `PUT /v1/session/create`, all of it optional.
///
/// - SeeAlso: Consul's "Session" page; Go's `api.SessionEntry`.
struct SessionCreation {
    var session: Session

    private static let longestLockDelay = Duration.seconds(86400)
    private static let maximumChecks = 64

    /// - Parameter body: empty: everything as usual.
    /// - Throws: ``FieldError``; ``JSONSyntaxError``; `LabelError` for the node's name.
    init(_ body: [UInt8], node: NodeName) throws {
        let id = UUID().uuidString.lowercased()
        var fields = try JSONFields(body.isEmpty ? .object([]) : JSONReader.read(body))
        session = Session(id: id, node: node)
        session.name = try fields.text("Name", octets: 512) ?? ""
        if let name = try fields.text("Node"), !name.isEmpty { session.node = try NodeName(name) }
        session.lockDelay = try Self.lockDelay(&fields) ?? Session.usualLockDelay
        session.behavior = try Self.behavior(&fields)
        session.timeToLive = try Self.timeToLive(&fields)
        session.nodeChecks = try Self.nodeChecks(&fields)
        session.serviceChecks = try Self.serviceChecks(&fields)
        // Clients may send back what they read; a session gets an ID of its own.
        for name in ["ID", "CreateIndex", "ModifyIndex"] { _ = fields.take(name) }
        try fields.end()
    }

    /// A Go duration, a number of nanoseconds or, below a thousand, of seconds.
    private static func lockDelay(_ fields: inout JSONFields) throws(FieldError) -> Duration? {
        guard let delay = try fields.duration("LockDelay") else { return nil }
        let meant = delay < .microseconds(1) ? .seconds(Int64(delay / .nanoseconds(1))) : delay
        guard meant <= longestLockDelay else {
            throw FieldError(fields.name("LockDelay"), "is longer than 24h")
        }
        return meant
    }

    private static func behavior(_ fields: inout JSONFields) throws(FieldError) -> Session.Behavior {
        guard let text = try fields.text("Behavior"), !text.isEmpty else { return .release }
        guard let behavior = Session.Behavior(rawValue: text) else {
            throw FieldError("Invalid Behavior setting \(quoted(text)): it must be release or delete")
        }
        return behavior
    }

    private static func timeToLive(_ fields: inout JSONFields) throws(FieldError) -> Session.TimeToLive? {
        guard let text = try fields.text("TTL", octets: 64), !text.isEmpty else { return nil }
        guard let duration = GoDuration.parse(text) else {
            throw FieldError("Session TTL \(quoted(text)) invalid: it must be a duration such as 90s")
        }
        guard duration != .zero else { return nil }
        guard Session.timesToLive.contains(duration) else {
            throw FieldError("Invalid Session TTL \(quoted(text)), must be between [10s=24h0m0s]")
        }
        return Session.TimeToLive(text: text, duration: duration)
    }

    /// `Checks` is the old name.
    private static func nodeChecks(_ fields: inout JSONFields) throws(FieldError) -> [CheckID] {
        let old = try fields.texts("Checks", atMost: maximumChecks)
        let new = try fields.texts("NodeChecks", atMost: maximumChecks)
        guard old != nil || new != nil else { return [Session.nodeHealthCheck] }
        return unique((new ?? []) + (old ?? []))
    }

    private static func serviceChecks(_ fields: inout JSONFields) throws(FieldError) -> [CheckID] {
        var checks: [CheckID] = []
        for (position, value) in try (fields.list("ServiceChecks", atMost: maximumChecks) ?? []).enumerated() {
            var check = try JSONFields(value, at: "ServiceChecks[\(position)]")
            guard let id = try check.text("ID"), !id.isEmpty else { throw FieldError(check.name("ID"), "is missing") }
            guard try check.text("Namespace") ?? "" == "" else {
                throw FieldError(check.name("Namespace"), "is not supported")
            }
            try check.end()
            checks.append(id)
        }
        return unique(checks)
    }

    private static func unique(_ checks: [CheckID]) -> [CheckID] {
        var seen: Set<CheckID> = []
        return checks.filter { seen.insert($0).inserted }
    }
}

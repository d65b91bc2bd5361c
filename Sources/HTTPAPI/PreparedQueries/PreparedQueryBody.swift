import Foundation
import Registry

/// The body of `POST /v1/query` and `PUT /v1/query/{id}`.
///
/// - SeeAlso: Consul's "Prepared Query" page; Go's `api.PreparedQueryDefinition`. The errors are Consul's.
struct PreparedQueryBody {
    var query: PreparedQuery

    private static let longestTimeToLive = Duration.seconds(Int64(Int32.max))
    private static let mostTexts = 64

    /// - Parameter id: of the query that it replaces; `nil`: it is a new one.
    /// - Throws: ``FieldError``; ``JSONSyntaxError``; `QueryTemplateError`.
    init(_ body: [UInt8], id: PreparedQueryID?) throws {
        var fields = try JSONFields(JSONReader.read(body))
        let given = try fields.text("ID") ?? ""
        guard id != nil || given.isEmpty else {
            throw FieldError("ID must be empty when creating a new prepared query")
        }
        let name = try fields.text("Name", octets: 255) ?? ""
        let session = try fields.text("Session") ?? ""
        let token = try fields.text("Token") ?? ""
        let template = try Self.template(&fields)
        guard !name.isEmpty || template != nil || !session.isEmpty else {
            throw Self.invalid("Must be bound to a session")
        }
        let search = try Self.search(&fields)
        let timeToLive = try Self.timeToLive(&fields)
        // Clients may send back what they read.
        for name in ["CreateIndex", "ModifyIndex"] { _ = fields.take(name) }
        try fields.end()
        query = try PreparedQuery(
            id: id ?? UUID().uuidString.lowercased(), name: name,
            session: session.isEmpty ? nil : session.lowercased(), token: token, template: template, search: search,
            timeToLive: timeToLive
        ).validated()
    }

    private static func invalid(_ reason: String) -> FieldError { FieldError("Invalid prepared query: \(reason)") }

    private static func template(_ fields: inout JSONFields) throws -> QueryTemplate? {
        var part = try JSONFields(fields.take("Template") ?? .null, at: fields.name("Template"))
        let type = try part.text("Type") ?? ""
        let expression = try part.text("Regexp") ?? ""
        let removesEmptyTags = try part.bool("RemoveEmptyTags") ?? false
        try part.end()
        switch type {
        case "": return nil
        case "name_prefix_match":
            return try QueryTemplate(expression: expression, removesEmptyTags: removesEmptyTags)
        default: throw FieldError("failed compiling template: Bad Template.Type '\(type.prefix(80))'")
        }
    }

    private static func search(_ fields: inout JSONFields) throws -> PreparedQuery.Search {
        var part = try JSONFields(fields.take("Service") ?? .null, at: fields.name("Service"))
        guard let service = try part.text("Service"), !service.isEmpty else {
            throw invalid("Must provide a Service name to query")
        }
        var search = PreparedQuery.Search(service: service)
        search.failover = try failover(&part)
        search.onlyPassing = try part.bool("OnlyPassing") ?? false
        search.ignoredChecks = try part.texts("IgnoreCheckIDs", atMost: mostTexts) ?? []
        search.near = try part.text("Near") ?? ""
        search.tags = try part.texts("Tags", atMost: mostTexts) ?? []
        search.nodeMeta = try part.meta("NodeMeta", reserving: false)
        search.serviceMeta = try part.meta("ServiceMeta", reserving: false)
        guard try part.bool("Connect") != true else {
            throw FieldError(part.name("Connect"), "is not supported: there is no service mesh")
        }
        try part.end()
        return search
    }

    private static func failover(_ fields: inout JSONFields) throws(FieldError) -> PreparedQuery.Failover {
        var part = try JSONFields(fields.take("Failover") ?? .null, at: fields.name("Failover"))
        let nearest = try part.integer("NearestN", in: Int64(Int32.min)...Int64(Int32.max)) ?? 0
        guard nearest >= 0 else { throw invalid("Bad NearestN '\(nearest)', must be >= 0") }
        let datacenters = try part.texts("Datacenters", atMost: mostTexts) ?? []
        try part.end()
        return PreparedQuery.Failover(nearest: UInt32(nearest), datacenters: datacenters)
    }

    private static func timeToLive(_ fields: inout JSONFields) throws(FieldError) -> PreparedQuery.TimeToLive? {
        var part = try JSONFields(fields.take("DNS") ?? .null, at: fields.name("DNS"))
        let text = try part.text("TTL", octets: 64) ?? ""
        try part.end()
        guard !text.isEmpty else { return nil }
        guard let duration = GoDuration.parse(text) else {
            guard text.hasPrefix("-"), GoDuration.parse(String(text.dropFirst())) != nil else {
                throw invalid("Bad DNS TTL '\(text)': time: invalid duration \"\(text)\"")
            }
            throw invalid("DNS TTL '\(text)', must be >=0")
        }
        guard duration <= longestTimeToLive else { throw invalid("DNS TTL '\(text)' is longer than 2^31-1 seconds") }
        return PreparedQuery.TimeToLive(text: text, duration: duration)
    }
}

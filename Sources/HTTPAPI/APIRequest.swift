import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Registry

/// One request as a route sees it: the edge where paths, parameters and bodies are read and limited.
struct APIRequest {
    /// How long a client may take to send a body, however slowly it comes.
    private static let bodyTime = TimeAmount.seconds(30)

    private let request: Request
    private let context: APIContext
    private let query: QueryParameters

    init(_ request: Request, context: APIContext) {
        self.request = request
        self.context = context
        query = QueryParameters(request.uri.query)
    }

    /// A part of the path, percent-decoded.
    ///
    /// - Throws: ``FieldError`` if it is not UTF-8 or contains a control character.
    func parameter(_ name: String) throws(FieldError) -> String {
        guard let raw = context.parameters.get(name) else { return "" }
        guard let text = raw.removingPercentEncoding, !text.unicodeScalars.contains(where: \.isControl) else {
            throw FieldError("the path", "must be UTF-8 without control characters")
        }
        return text
    }

    /// The rest of the path below a recursive wildcard, slashes and all, percent-decoded.
    func pathRest() throws(FieldError) -> String { try parameter(String(Parameters.recursiveCaptureKey)) }

    /// All of the path behind `prefix`, percent-decoded, with every slash that the client wrote.
    ///
    /// - Throws: ``FieldError`` if it is not UTF-8.
    func path(below prefix: String) throws(FieldError) -> String {
        let path = request.uri.path
        guard path.hasPrefix(prefix) else { return "" }
        guard let text = String(path.dropFirst(prefix.count)).removingPercentEncoding else {
            throw FieldError("the path", "must be UTF-8")
        }
        return text
    }

    var isPretty: Bool { has("pretty") }

    /// The path and the parameters, without those that say when to answer rather than what.
    var question: String {
        "\(request.uri.path)?\(query.text(without: Self.timingParameters))"
    }

    private static let timingParameters: Set<String> = [
        "index", "wait", "stale", "max_stale", "consistent", "leader", "cached",
    ]

    /// `?name`, `?name=true`, `?name=0`, as Go's `strconv.ParseBool` has it.
    ///
    /// - Throws: ``FieldError`` for any other value.
    func flag(_ name: String) throws(FieldError) -> Bool {
        guard let text = query[name] else { return false }
        guard let value = text.isEmpty ? true : GoBool.parse(text) else {
            throw FieldError("Invalid value for ?\(name)")
        }
        return value
    }

    /// All values of a parameter that may be repeated.
    func values(_ name: String) -> [String] { query.all(name) }

    /// Whether a parameter is given, with a value or without.
    func has(_ name: String) -> Bool { query[name] != nil }

    /// The value of a parameter; `nil`: it is not given, or empty.
    func text(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

    func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

    /// What its connection knows of it.
    var circumstances: RequestCircumstances { context.circumstances }

    /// The route that takes it, as the API has it: `/v1/kv/**`.
    var route: String { context.endpointPath ?? "" }

    /// The connection that the answer goes to.
    var channel: any Channel { context.channel }

    /// Reads the body whole and holds it while `use` runs.
    ///
    /// - Parameter limit: how many octets it may have; `nil`: what the budget says.
    /// - Throws: ``APIError/bodyTooLarge(octets:limit:)``; ``APIError/busy`` if others hold too much already; ``APIError/badRequest(_:)``
    ///   for a body that was cut short; what `use` throws.
    func withBody(
        within budget: BodyBudget, atMost limit: Int? = nil, _ use: ([UInt8]) async throws -> Response
    ) async throws -> Response {
        var body: [UInt8] = []
        defer { budget.giveBack(body.count) }
        try await read(into: &body, within: budget, atMost: limit ?? budget.largest)
        return try await use(body)
    }

    private func read(
        into body: inout [UInt8], within budget: BodyBudget, atMost limit: Int
    ) async throws(APIError) {
        try await readBody(atMost: limit, in: Self.bodyTime) { chunk throws(APIError) in
            guard budget.take(growing: body.count, by: chunk.readableBytes) else { throw .busy }
            body.append(contentsOf: chunk.readableBytesView)
        }
    }

    /// Reads the body piece by piece, and keeps none of it.
    ///
    /// - Parameters:
    ///   - limit: how many octets it may have.
    ///   - time: how long a client may take to send it, however slowly it comes.
    /// - Throws: ``APIError/bodyTooLarge(octets:limit:)``; ``APIError/badRequest(_:)`` for a body that was cut short; what `use`
    ///   throws, whereupon no more is read.
    func readBody(
        atMost limit: Int, in time: TimeAmount, _ use: (ByteBuffer) throws(APIError) -> Void
    ) async throws(APIError) {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limit { throw hangUp(.bodyTooLarge(octets: declared, limit: limit)) }
        let channel = context.channel
        if request.headers[.expect]?.lowercased() == "100-continue" {
            // RFC 9110 10.1.1: the client waits for this, or a second.
            channel.writeAndFlush(
                HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue)), promise: nil)
        }
        let deadline =
            context.circumstances.hasWholeBody
            ? nil : channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
        defer { deadline?.cancel() }
        var count = 0
        do {
            for try await chunk in request.body {
                count += chunk.readableBytes
                guard count <= limit else { throw APIError.bodyTooLarge(octets: count, limit: limit) }
                try use(chunk)
            }
        } catch let error as APIError {
            throw hangUp(error)
        } catch {
            throw .badRequest("the body was cut short")
        }
        guard declared == nil || declared == count else { throw .badRequest("the body was cut short") }
    }

    /// Closes the connection once the answer had time to arrive: a client that goes on sending must not be read for ever.
    private func hangUp(_ error: APIError) -> APIError {
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        return error
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// JSON as all answers have it: compact, members in the order of their names.
enum WireJSON {
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encodeAsByteBuffer(value, allocator: ByteBufferAllocator())
    }

    static func encode(_ value: some Encodable, isPretty: Bool) throws -> ByteBuffer {
        let body = try encode(value)
        return isPretty ? ByteBuffer(bytes: JSONIndentation.indent(body.readableBytesView)) : body
    }
}

extension Response {
    /// A success with a JSON body: compact unless the request says `?pretty`, members in the order of their names.
    ///
    /// - Parameters:
    ///   - headers: besides Content-Type.
    ///   - pretty: for people, whatever the request says.
    static func json(
        _ value: some Encodable, to request: APIRequest, headers: HTTPFields = [:], pretty: Bool = false
    ) throws -> Response {
        json(try WireJSON.encode(value, isPretty: pretty || request.isPretty), headers: headers)
    }

    /// A success with a body that is JSON already.
    static func json(_ body: ByteBuffer, headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// What Consul answers to a write that has nothing to say.
    static var done: Response { Response(status: .ok) }
}

extension HTTPField.Name {
    /// The name that a service got, where it is not the one that was asked for.
    static let berthServiceName = own("X-Berth-Service-Name")

    /// A name that the library has no constant for.
    static func own(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else { preconditionFailure("\(name) is not a header name") }
        return name
    }
}

import HTTPTypes
import Hummingbird
import NIOCore

/// `/v1/berth/openapi.json`: what there is, for programs.
struct OpenAPIRoutes {
    let version: String

    var endpoints: [Endpoint] {
        [
            .get("/v1/berth/openapi.json") { request in
                let text = OpenAPIDocument(version: version).text
                let body =
                    request.isPretty
                    ? ByteBuffer(bytes: JSONIndentation.indent(text.utf8)) : ByteBuffer(string: text)
                return .json(body, headers: [:])
            }
        ]
    }
}

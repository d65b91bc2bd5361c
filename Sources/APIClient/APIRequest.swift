package import NIOCore

/// One request to the API.
package struct APIRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case delete = "DELETE"
    }

    package var method: Method
    /// As it is sent: percent-encoded, from `/v1` on.
    package private(set) var path: String
    package var query: [(name: String, value: String?)]
    package var body: ByteBuffer?
    /// The file that is sent instead of a body, piece by piece.
    package var upload: Upload?
    /// Until when the whole answer must be there; `nil`: it may take for ever.
    package var patience: Duration? = .seconds(60)

    /// - Parameters:
    ///   - path: segments that need no encoding: `/v1/kv/`.
    ///   - rest: what follows it as it is meant: slashes stay, all else that is not plain is percent-encoded.
    package init(_ method: Method = .get, _ path: String, _ rest: String = "", body: ByteBuffer? = nil) {
        self.method = method
        self.path = path + Self.encode(rest, keeping: "/")
        query = []
        self.body = body
    }

    /// The same with a parameter more; without one where there is no value.
    package func with(_ name: String, _ value: String?) -> APIRequest {
        guard let value else { return self }
        var request = self
        request.query.append((name, value))
        return request
    }

    /// The same with a parameter that has no value, where it is `wanted`.
    package func with(_ name: String, if wanted: Bool) -> APIRequest {
        guard wanted else { return self }
        var request = self
        request.query.append((name, nil))
        return request
    }

    /// Path and query as they are sent.
    var target: String {
        let pairs = query.map { name, value in
            value.map { "\(Self.encode(name))=\(Self.encode($0))" } ?? Self.encode(name)
        }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }

    /// Leaves the unreserved characters (RFC 3986 2.3) and `kept`.
    private static func encode(_ text: String, keeping kept: String = "") -> String {
        var encoded = ""
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(octet))
            case _ where kept.utf8.contains(octet): encoded.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}

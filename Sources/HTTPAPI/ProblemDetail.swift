import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What went wrong, for programs.
///
/// - SeeAlso: RFC 9457.
struct ProblemDetail: Encodable {
    static let mediaType = "application/problem+json"

    /// There is nothing more to it than the status.
    let type = "about:blank"
    let title: String
    let status: Int
    /// `nil`: there is nothing to add.
    let detail: String?

    init(_ status: HTTPResponse.Status, _ detail: String?) {
        title = status.reasonPhrase
        self.status = Int(status.code)
        self.detail = detail
    }

    /// Whether a client asks for it: by its name, since most say that they take anything, and read text.
    static func isWanted(by headers: HTTPFields) -> Bool {
        headers[values: .accept].contains { list in
            list.split(separator: ",").contains { range in
                let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
                return parts.first == mediaType && !parts.contains { $0.wholeMatch(of: /q=0(\.0*)?/) != nil }
            }
        }
    }
}

extension Response {
    /// A failure: a sentence as plain text, as in all of Consul's answers that are not successes, or a problem detail.
    static func failure(
        _ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:], asProblem: Bool
    ) throws -> Response {
        guard asProblem else { return .text(sentence, status: status, headers: headers) }
        return try .problem(ProblemDetail(status, sentence), status: status, headers: headers)
    }

    /// The same with a problem detail, where it has no body to say more.
    func asProblem() throws -> Response {
        guard headers[.contentType] == nil else { return self }
        return try .problem(ProblemDetail(status, nil), status: status, headers: headers)
    }

    private static func problem(
        _ problem: ProblemDetail, status: HTTPResponse.Status, headers: HTTPFields
    ) throws -> Response {
        var response = Response.json(try WireJSON.encode(problem), headers: headers)
        response.status = status
        response.headers[.contentType] = ProblemDetail.mediaType
        return response
    }
}

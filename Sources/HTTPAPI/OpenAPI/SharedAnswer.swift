/// An answer that many operations may give.
struct SharedAnswer: Sendable {
    /// For programs.
    let name: String
    let answer: Answer
    /// Or only of writes.
    let isOfReads: Bool
    /// Only where there is a body.
    var isOfBodies = false

    static let all = [
        SharedAnswer(
            name: "Refused", answer: .failure(400, "The request is wrong; a sentence says how. Nothing was changed."),
            isOfReads: true),
        SharedAnswer(
            name: "Forbidden", answer: .failure(403, "A web browser sends it for another site's page."),
            isOfReads: true),
        SharedAnswer(
            name: "TooLarge", answer: .failure(413, "The body is too large. Nothing was changed."), isOfReads: false,
            isOfBodies: true),
        SharedAnswer(name: "TooLong", answer: .failure(414, "The URI is too long."), isOfReads: true),
        SharedAnswer(
            name: "Crowded",
            answer: .failure(
                429, "Too many connections are open from this address, or too many follow the log.",
                headers: [.retryAfter]),
            isOfReads: true),
        SharedAnswer(
            name: "HeadersTooLong",
            answer: Answer(
                status: 431, note: "The headers are too long, or the URI by far. The connection is closed.",
                contents: [("text/plain", .string())]),
            isOfReads: true),
        SharedAnswer(
            name: "Overloaded",
            answer: .failure(
                503, "Too much is being done for others, or the server is stopping. Nothing was changed.",
                headers: [.retryAfter]),
            isOfReads: false),
        SharedAnswer(
            name: "Full", answer: .failure(507, "The disk takes no more. Nothing was changed."), isOfReads: false),
    ]
}

extension Shape {
    static let problem = Shape(
        "Problem", "What went wrong, for clients that ask for `application/problem+json` (RFC 9457).",
        .answer([
            Field("type", .word(of: ["about:blank"]), "There is nothing more to it than the status."),
            Field("title", .string(), "The status in words."),
            Field("status", .integer(from: 400, to: 599)),
            Field("detail", .string(), "The sentence that is the plain text otherwise.").leftOutAtTimes,
        ]))
}

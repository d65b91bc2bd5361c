/// How a query came, which decides how long the reply may be.
package enum Transport: Sendable {
    /// At most 512 octets, or what the query's OPT record allows up to ``AnswerPolicy/largestPayload``.
    case udp
    /// At most 65,535 octets.
    case tcp
}

/// How a query came, which decides how long the reply may be.
package enum Transport: Sendable {
    /// At most 512 octets, or what the query's OPT record allows up to 1232 (RFC 6891, DNS flag day 2020).
    case udp
    /// At most 65,535 octets.
    case tcp
}

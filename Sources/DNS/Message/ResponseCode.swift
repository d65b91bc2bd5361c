/// A DNS RCODE with its extension of EDNS (IANA registry "DNS RCODEs").
enum ResponseCode: UInt16 {
    case noError = 0
    case formatError = 1
    case serverFailure = 2
    case nameError = 3
    case notImplemented = 4
    case refused = 5
    /// YXDOMAIN: a DNAME record makes too long a name of the one that was asked for (RFC 6672 2.2).
    case nameTooLong = 6
    /// NOTAUTH: not authoritative for the zone of a NOTIFY or UPDATE (RFC 2136 2.2).
    case notAuthoritative = 9
    /// BADVERS: the query's EDNS version is not 0. Needs an OPT record to be said (RFC 6891 6.1.3).
    case badVersion = 16
    /// BADCOOKIE: the query is to be asked again with the cookie of this reply (RFC 7873 5.2.3).
    case badCookie = 23
}

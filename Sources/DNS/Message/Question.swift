/// The one question of a query (RFC 1035 4.1.2). Its name is never compressed: nothing stands before it to point at.
struct Question {
    /// Octets of the name in the message, from offset 12, the root's zero included.
    var nameLength: Int
    var type: RecordType
    var recordClass: UInt16

    /// Class IN.
    static let internet: UInt16 = 1
    /// Class CH, whose names ask about the server itself.
    static let chaos: UInt16 = 3

    /// The question's whole length: name, type and class.
    var length: Int { nameLength + 4 }
}

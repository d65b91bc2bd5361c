extension DomainName {
    /// Reads the name that octets begin with, in uncompressed wire form; what follows it does not matter.
    ///
    /// - Throws: ``NameError``.
    init(beginning octets: some Collection<UInt8>) throws(NameError) {
        var end = octets.startIndex
        while end < octets.endIndex, octets[end] != 0 {
            end = octets.index(end, offsetBy: 1 + Int(octets[end]), limitedBy: octets.endIndex) ?? octets.endIndex
        }
        guard end < octets.endIndex else { throw .unterminated }
        try self.init(wire: octets[...end])
    }
}

extension FullAnswer {
    /// Answers an IXFR query that came in a datagram: with the zone's SOA alone, which tells a secondary whether it is
    /// behind and that it must ask over TCP (RFC 1995 2, 4).
    mutating func answerSerial(_ reader: inout AnswerReader) {
        let name = WrittenName(at: Header.length, in: message.octets, reader)
        guard let placement = Placement(name.key, reader), placement.apex.start == 0,
            let soa = placement.apex.record.set(.soa)
        else { return refuse(.transfer) }
        flags.insert(.authoritative)
        answerSet(name, soa, additional: false, &reader)
    }
}

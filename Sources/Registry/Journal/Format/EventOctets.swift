extension Event: OctetRepresentable {
    func write(to writer: inout OctetWriter) {
        writer.write(id)
        writer.write(name)
        writer.write(data: payload)
        writer.write(nodeFilter)
        writer.write(serviceFilter)
        writer.write(tagFilter)
    }

    init(from reader: inout OctetReader) throws(FormatError) {
        self.init(
            id: try reader.text(), name: try reader.text(), payload: try reader.data(), nodeFilter: try reader.text(),
            serviceFilter: try reader.text(), tagFilter: try reader.text())
    }
}

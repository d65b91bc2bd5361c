/// Rows in aligned columns, two spaces apart, as Consul prints them.
struct Table {
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var colour: Colour?

        init(_ text: String, _ colour: Colour? = nil) {
            self.text = text
            self.colour = colour
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    /// `nil`: the rows speak for themselves.
    var header: [String]?
    var rows: [[Cell]]

    /// - Parameter harmless: whether to leave out what could steer a terminal.
    /// - Returns: each row with its line end, without spaces before it.
    func text(colour: Bool, harmless: Bool = false) -> String {
        var all = rows
        if let header { all.insert(header.map { Cell($0, .bold) }, at: 0) }
        if harmless { all = all.map { $0.map { Cell(Terminal.harmless($0.text), $0.colour) } } }
        let columns = all.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            all.reduce(0) { max($0, $1.indices.contains(column) ? $1[column].text.count : 0) }
        }
        return all.map { line($0, widths, colour: colour) + "\n" }.joined()
    }

    private func line(_ cells: [Cell], _ widths: [Int], colour: Bool) -> String {
        // Without the empty cells at its end, and so without spaces there.
        let end = cells.lastIndex { !$0.text.isEmpty } ?? -1
        return cells.prefix(end + 1).enumerated().map { column, cell in
            let padding = column == end ? 0 : widths[column] - cell.text.count + 2
            let text = cell.colour.map { $0.paint(cell.text, if: colour) } ?? cell.text
            return text + String(repeating: " ", count: padding)
        }.joined()
    }
}

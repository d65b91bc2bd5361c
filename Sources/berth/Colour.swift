/// The few colours in use (ECMA-48 8.3.117, SGR).
enum Colour: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36

    /// The text in this colour, or as it is.
    func paint(_ text: String, if wanted: Bool) -> String { wanted ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text }
}

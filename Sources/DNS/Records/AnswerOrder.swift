/// The order in which a service's instances are answered.
package enum AnswerOrder: String, CaseIterable, Sendable {
    /// Another one each time, all as likely.
    case random
    /// Another one each time: an instance comes first as often as its weight says.
    case weighted
    /// By node and id.
    case stable
}

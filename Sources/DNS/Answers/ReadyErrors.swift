/// An EDNS option in wire form, to be copied into replies.
///
/// Safe to use: from `base` on `count` octets and ``AnswerRecord/slack`` more are readable while its owner lives.
@safe struct ReadyOption {
    let base: UnsafeRawPointer
    let count: Int
}

/// What the fast path says of empty answers, as ready octets.
///
/// Safe to use: the memory is as long as all options and the slack together, and ``FastAnswer`` frees it at its own end.
@safe struct ReadyErrors {
    private let memory: UnsafeMutableRawPointer
    private let notRegistered: ReadyOption
    private let noData: ReadyOption
    private let emptyNonTerminal: ReadyOption

    init() {
        let options = [ExtendedError.notRegistered, .noData, .emptyNonTerminal].map(\.option)
        let octets = options.flatMap(\.self)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: octets.count + AnswerRecord.slack, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: octets.count + AnswerRecord.slack)
        unsafe UnsafeMutableRawBufferPointer(start: memory, count: octets.count).copyBytes(from: octets)
        unsafe self.memory = memory
        unsafe notRegistered = ReadyOption(base: memory, count: options[0].count)
        unsafe noData = ReadyOption(base: memory + options[0].count, count: options[1].count)
        unsafe emptyNonTerminal = ReadyOption(
            base: memory + options[0].count + options[1].count, count: options[2].count)
    }

    func deallocate() { unsafe memory.deallocate() }

    /// - Parameter record: what there is at the name; `nil` if it does not exist.
    @inline(__always)
    func error(_ record: AnswerRecord?) -> ReadyOption {
        guard let record else { return notRegistered }
        return record.readyNote ?? (record.setCount == 0 ? emptyNonTerminal : noData)
    }
}

import HTTPAPI
import Logging
import Settings
import Testing

@testable import berth

@Suite struct `Readers of the log` {
    @Test func `have levels of their own, which pass with them`() {
        let threshold = LogThreshold(.warning)
        let readers = LogReaders(threshold: threshold)
        let handler = LineLogHandler(part: "test", format: .text, threshold: threshold, readers: readers)
        #expect(handler.logLevel == .warning)
        let talkative = LogReader(level: .debug, isJSON: false)
        let quiet = LogReader(level: .error, isJSON: true)
        readers.attach(quiet)
        #expect(handler.logLevel == .warning)
        readers.attach(talkative)
        #expect(handler.logLevel == .debug)
        // What standard error shows stays as it was.
        #expect(threshold.level == .warning)
        readers.detach(talkative)
        #expect(handler.logLevel == .warning)
        threshold.set(.trace)
        #expect(handler.logLevel == .trace)
        readers.detach(quiet)
        #expect(handler.logLevel == .trace)
    }
}

import Foundation
import Logging
import Testing

@testable import berth

@Suite struct `A line of the log` {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .info) -> LogLine {
        LogLine(
            time: Date(timeIntervalSince1970: 1_732_339_201.25), level: level, part: "docker", message: message,
            metadata: metadata)
    }

    @Test func `text is time, level, part, message and sorted metadata`() {
        let line = line("container registered", ["service": "nginx", "name": "web 1", "tags": [], "empty": ""])
        #expect(
            line.text(colour: false)
                == "2024-11-23T05:20:01.250Z INFO    docker: container registered empty=\"\" name=\"web 1\" service=nginx tags=[]\n"
        )
    }

    @Test func `colour marks the level and dims the metadata`() {
        #expect(
            line("gone", ["a": "b"], level: .error).text(colour: true)
                == "2024-11-23T05:20:01.250Z \u{1b}[31mERROR\u{1b}[0m   docker: gone\u{1b}[2m a=b\u{1b}[0m\n")
    }

    @Test func `JSON is one object with the keys in order`() throws {
        let line = line("said \"hi\"", ["b": ["x", "y"], "a": ["k": "v"], "n": .stringConvertible(7)])
        #expect(
            line.json
                == #"{"time":"2024-11-23T05:20:01.250Z","level":"info","part":"docker","message":"said \"hi\"","metadata":{"a":{"k":"v"},"b":["x","y"],"n":"7"}}"#
                + "\n")
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.json.utf8)) }
    }

    @Test(arguments: [
        "a\nb", "a\r\nb", "\u{1b}[2J", "\u{202e}x", "\u{2028}", "tab\there", "nul\0", "\u{9b}31m", "\u{e0001}",
    ])
    func `outside text neither forges a line nor steers a terminal`(_ text: String) throws {
        let both = [line(text, ["key": "\(text)"]).text(colour: false), line(text, ["key": "\(text)"]).json]
        for shown in both {
            #expect(shown.last == "\n")
            #expect(shown.dropLast().unicodeScalars.allSatisfy(JSONText.isPrintable))
        }
        let object = try JSONSerialization.jsonObject(with: Data(both[1].utf8)) as? [String: Any]
        #expect(object?["message"] as? String == text)
    }
}

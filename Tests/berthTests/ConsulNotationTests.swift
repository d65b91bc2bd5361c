import ArgumentParser
import Foundation
import Testing

@testable import berth

@Suite struct `A command line in Consul's notation` {
    @Test(arguments: [
        ("kv get -recurse a", "kv get --recurse -- a"),
        ("kv get --recurse=true a", "kv get --recurse -- a"),
        ("kv get -recurse=false a", "kv get -- a"),
        ("kv get -http-addr 10.0.0.1:8500 a", "kv get --http-addr=10.0.0.1:8500 -- a"),
        ("kv get -separator= -keys", "kv get --separator  --keys"),
        ("kv put a -5", "kv put -- a -5"),
        ("kv put -flags -5 a", "kv put --flags=-5 -- a"),
        ("kv put a - ", "kv put -- a -"),
        ("kv put -- -a b", "kv put -- -a b"),
        ("kv get a -recurse", "kv get -- a -recurse"),
        ("kv -h", "kv --help"), ("members -help", "members --help"),
        ("members -nosuch x", "members --nosuch=x"), ("members -status", "members --status"),
        ("kv nosuch", "kv -- nosuch"),
    ])
    func `becomes this parser's`(_ line: String, _ expected: String) {
        let words = line.split(separator: " ").map(String.init)
        #expect(ConsulNotation(words, root: Berth.self).arguments.joined(separator: " ") == expected)
    }

    @Test func `knows every flag that has no value, and none that has one`() throws {
        struct Dump: Decodable {
            struct Command: Decodable {
                let commandName: String
                let subcommands: [Command]?
                let arguments: [Argument]?
            }
            struct Argument: Decodable {
                struct Name: Decodable { let name: String }
                let kind: String
                let names: [Name]?
            }
            let command: Command
        }
        func arguments(of command: Dump.Command) -> [Dump.Argument] {
            guard command.commandName != "serve" else { return [] }
            return (command.arguments ?? []) + (command.subcommands ?? []).flatMap(arguments)
        }
        let dump = try JSONDecoder().decode(Dump.self, from: Data(Berth._dumpHelp().utf8))
        let all = arguments(of: dump.command)
        func names(_ kind: String) -> Set<String> {
            Set(all.filter { $0.kind == kind }.flatMap { $0.names ?? [] }.map(\.name)).subtracting(["h"])
        }
        #expect(names("flag") == ConsulNotation.switches)
        #expect(names("option").isDisjoint(with: ConsulNotation.switches))
    }
}

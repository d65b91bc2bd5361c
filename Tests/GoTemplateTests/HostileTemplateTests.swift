import Testing

@testable import GoTemplate

@Suite struct `No template hangs, crashes or exhausts memory` {
    private static let deep = 10_000

    private static let sources: [String] = [
        String(repeating: "{{if true}}", count: deep), String(repeating: "{{with 1}}", count: deep),
        String(repeating: "{{range .}}", count: deep), "{{" + String(repeating: "(", count: deep),
        "{{" + String(repeating: "(", count: deep) + "1" + String(repeating: ")", count: deep) + "}}",
        String(repeating: "{{block \"b\" .}}", count: deep), String(repeating: "{{define \"d\"}}", count: deep),
        "{{" + String(repeating: "print ", count: 100_000), "{{\"" + String(repeating: "x", count: 1_000_000),
        "{{/*" + String(repeating: "*", count: 100_000), String(repeating: "{{", count: deep),
        "{{ " + String(repeating: " ", count: 100_000), "{{" + String(repeating: "1", count: 100_000) + "}}",
    ]

    @Test(arguments: sources)
    func `deep and endless sources are syntax errors`(_ template: String) {
        let error = #expect(throws: TemplateError.self) { try render(template) }
        #expect(error?.kind == .syntax)
    }

    private static let executions: [String] = [
        #"{{define "r"}}{{template "r"}}{{end}}{{template "r"}}"#,
        #"{{define "r"}}{{if true}}{{with 1}}{{range loop 1}}{{template "r" (print (print .))}}{{end}}{{end}}{{end}}{{end}}{{template "r"}}"#,
        #"{{define "a"}}{{template "b"}}{{end}}{{define "b"}}{{executeTemplate "a"}}{{end}}{{template "a"}}"#,
        #"{{range loop 9223372036854775807}}{{end}}"#, #"{{range 9223372036854775807}}x{{end}}"#,
        #"{{range loop 99999999}}{{print "0123456789"}}{{end}}"#,
        #"{{$s := "0123456789"}}{{range loop 60}}{{$s = print $s $s}}{{end}}"#,
        #"{{$s := "0123456789"}}{{range loop 60}}{{$s = $s | replaceAll "0" $s}}{{end}}"#,
        "{{printf \"" + String(repeating: "%1000000[1]d", count: 100) + "\" 1}}",
    ]

    @Test(arguments: executions)
    func `endless executions end with a clear error`(_ template: String) {
        let error = #expect(throws: TemplateError.self) {
            try render(template, limits: Template.Limits(octets: 1 << 20, steps: 100_000))
        }
        #expect(error.map { $0.kind == .limit || $0.message.contains("larger than") } == true, "\(error as Any)")
    }

    @Test func `what nests as deep as is allowed still renders`() throws {
        let depth = Parser.maximumDepth - 2
        let nested = String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
        #expect(try render("{{\(nested)}}") == "1")
        let blocks = String(repeating: "{{if 1}}", count: depth) + "x" + String(repeating: "{{end}}", count: depth)
        #expect(try render(blocks) == "x")
    }

    @Test func `a long chain of else ifs is not deep`() throws {
        let chain = (0..<1000).map { "{{else if eq 999 \($0)}}\($0)" }.joined()
        #expect(try render("{{if false}}\(chain){{end}}") == "999")
    }

    @Test func `deep JSON is refused`() {
        let json = String(repeating: "[", count: 10_000)
        #expect(errorText(of: "{{parseJSON `\(json)`}}").hasSuffix("exceeded max depth"))
    }

    @Test func `random mutations of a template never crash`() throws {
        let seed = Array(
            #"{{define "a"}}{{.x}}{{end}}{{range $i, $e := split "," "a,b"}}{{if eq $e "b"}}{{break}}{{else if not $i}}{{printf "%5.2f|%-3d" 1.5 $i}}{{end}}{{- /* c */ -}}{{template "a" (parseJSON "{\"x\":[1]}")}}{{end}}"#
                .utf8)
        let limits = Template.Limits(octets: 100_000, steps: 10_000)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var octets = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<octets.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: octets[position] = UInt8.random(in: 0...255, using: &random)
                case 1: octets.remove(at: position)
                case 2: octets.insert(seed.randomElement() ?? 0, at: position)
                default: octets.removeSubrange(position...)
                }
                if octets.isEmpty { octets = [0x7b] }
            }
            let template = GoString(octets: octets)
            let result = Result {
                try Template(parsing: template, name: "t", functions: .consulTemplate).render(limits: limits)
            }
            if case .failure(let error) = result { #expect(error is TemplateError) }
        }
    }
}

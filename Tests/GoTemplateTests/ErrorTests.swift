import Testing

@testable import GoTemplate

@Suite struct `Errors say what Go says` {
    @Test(arguments: [
        Case("line1\n{{ print \"x\"\n", "template: :3: unclosed action started at :2"),
        Case("x{{end}}", "template: :1: unexpected {{end}}"),
        Case("x{{else}}", "template: :1: unexpected {{else}}"),
        Case("{{if true}}", "template: :1: unexpected EOF"),
        Case("\n\n{{$x}}", #"template: :3: undefined variable "$x""#),
        Case(#"{{"abc}}"#, "template: :1: unterminated quoted string"),
        Case("{{`abc}}", "template: :1: unterminated raw quoted string"),
        Case("{{'ab'}}", "template: :1: malformed character constant: 'ab'"),
        Case("{{12a}}", #"template: :1: bad number syntax: "12a""#),
        Case("{{99999999999999999999}}", #"template: :1: integer overflow: "99999999999999999999""#),
        Case("{{nope 1}}", #"template: :1: function "nope" not defined"#),
        Case("{{print 1)}}", #"template: :1: unexpected ")" in command"#),
        Case("{{(print 1}}", "template: :1: unclosed left paren"),
        Case("{{print (1)(2)}}", #"template: :1: unexpected "(" in operand"#),
        Case("{{}}", "template: :1: missing value for command"),
        Case("{{if}}{{end}}", "template: :1: missing value for if"),
        Case("{{| print}}", #"template: :1: unexpected "|" in command"#),
        Case("{{1 | 2}}", "template: :1: non executable command in pipeline stage 2"),
        Case("{{range $a, $b, $c := .}}{{end}}", "template: :1: too many declarations in range"),
        Case("{{range $a, 1 := .}}{{end}}", "template: :1: range can only initialize variables"),
        Case("{{template foo}}", #"template: :1: unexpected "foo" in template clause"#),
        Case(
            #"{{define "a"}}1{{end}}{{define "a"}}2{{end}}"#,
            #"template: :1: template: multiple definition of template "a""#),
        Case(#"{{if true}}{{define "a"}}{{end}}{{end}}"#, "template: :1: unexpected <define> in command"),
        Case("x{{continue}}y", "template: :1: {{continue}} outside {{range}}"),
        Case(#"{{range loop 2}}{{block "b" .}}{{break}}{{end}}{{end}}"#, "template: :1: {{break}} outside {{range}}"),
        Case("{{/* open", "template: :1: unclosed comment"),
        Case("{{/* x */ 1}}", "template: :1: comment ends before closing delimiter"),
        Case("{{1.x}}", #"template: :1: bad number syntax: "1.x""#),
        Case(#"{{"a".x}}"#, #"template: :1: unexpected . after term "\"a\"""#),
        Case("{{$x=1}}", "template: :1: bad character U+003D '='"),
        Case("{{a+b}}", "template: :1: bad character U+002B '+'"),
        Case("{{\u{1}}}", "template: :1: unrecognized character in action: U+0001"),
        Case(#"{{"\q"}}"#, "template: :1: invalid syntax"),
        Case("{{with 1}}{{else if 2}}{{end}}", "template: :1: unexpected <if> in input"),
        Case("{{if 1}}{{else}}{{else}}{{end}}", "template: :1: expected end; found {{else}}"),
        Case("{{end 1}}", #"template: :1: unexpected "1" in end"#),
    ])
    func `about syntax`(_ test: Case) {
        #expect(errorText(of: test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{split "a"}}"#, #"template: :1:2: executing "" at <split>: wrong number of args for split: want 2 got 1"#
        ),
        Case("{{and}}", #"template: :1:2: executing "" at <and>: wrong number of args for and: want at least 1 got 0"#),
        Case(
            "{{5 | toUpper}}",
            #"template: :1:6: executing "" at <toUpper>: wrong type for value; expected string; got int"#),
        Case("{{toUpper 5}}", #"template: :1:10: executing "" at <5>: expected string; found 5"#),
        Case("{{toUpper nil}}", #"template: :1:10: executing "" at <nil>: cannot assign nil to string"#),
        Case("{{toUpper .}}", #"template: :1:10: executing "" at <.>: invalid value; expected string"#),
        Case(
            #"{{join "," "abc"}}"#,
            #"template: :1:11: executing "" at <"abc">: can't handle "abc" for arg of type []string"#),
        Case(
            #"{{containsAll (split "," "a") "x"}}"#,
            #"template: :1:25: executing "" at <"a">: wrong type for value; expected []interface {}; got []string"#),
        Case(
            "{{range machines}}{{.Nope}}{{end}}",
            #"template: :1:20: executing "" at <.Nope>: can't evaluate field Nope in type *test.Machine"#),
        Case(
            "{{noMachine.Name}}",
            #"template: :1:2: executing "" at <noMachine>: nil pointer evaluating *test.Machine.Name"#),
        Case(
            #"{{$m := parseJSON "{}"}}{{$m.a.b}}"#,
            #"template: :1:28: executing "" at <$m.a.b>: nil pointer evaluating interface {}.b"#),
        Case(
            #"{{range parseJSON "[1]"}}{{.x}}{{end}}"#,
            #"template: :1:27: executing "" at <.x>: can't evaluate field x in type interface {}"#),
        Case(
            "größe\n  é {{index (split \",\" \"a\") 7}}",
            #"template: :2:7: executing "" at <index (split "," "a") 7>: error calling index: index out of range: 7"#),
        Case(
            #"{{index (split "," "a") 1}}"#,
            #"template: :1:2: executing "" at <index (split "," "a") 1>: error calling index: reflect: slice index out of range"#
        ),
        Case(
            #"{{slice "abc" 2 1}}"#,
            #"template: :1:2: executing "" at <slice "abc" 2 1>: error calling slice: invalid slice index: 2 > 1"#),
        Case(
            #"{{eq 1 "1"}}"#,
            #"template: :1:2: executing "" at <eq 1 "1">: error calling eq: incompatible types for comparison"#),
        Case(
            "{{eq 1 1.0}}",
            #"template: :1:2: executing "" at <eq 1 1.0>: error calling eq: incompatible types for comparison"#),
        Case(
            "{{lt true false}}",
            #"template: :1:2: executing "" at <lt true false>: error calling lt: invalid type for comparison"#),
        Case(
            #"{{eq (parseJSON "{}") (parseJSON "{}")}}"#,
            #"template: :1:2: executing "" at <eq (parseJSON "{}") (parseJSON "{}")>: error calling eq: non-comparable type map[]: map[string]interface {}"#
        ),
        Case(
            #"a {{template "missing"}}"#,
            #"template: :1:13: executing "" at <{{template "missing"}}>: template "missing" not defined"#),
        Case(
            #"{{define "t"}}{{divide 0 1}}{{end}}{{if true}}{{template "t"}}{{end}}"#,
            #"template: :1:16: executing "t" at <divide 0 1>: error calling divide: runtime error: integer divide by zero"#
        ),
        Case("{{nil}}", #"template: :1:2: executing "" at <nil>: nil is not a command"#),
        Case("{{1 2}}", #"template: :1:2: executing "" at <1>: can't give argument to non-function 1"#),
        Case("{{nil.x}}", #"template: :1: unexpected . after term "nil""#),
        Case(#"{{range "abc"}}{{end}}"#, #"template: :1:8: executing "" at <"abc">: range can't iterate over abc"#),
        Case(
            "{{loop 3}}", #"template: :1:2: executing "" at <{{loop 3}}>: can't print {{loop 3}} of type <-chan int64"#),
        Case(
            #"{{call "x"}}"#,
            #"template: :1:2: executing "" at <call "x">: error calling call: non-function of type string"#),
        Case(
            "{{scratch.Nope}}",
            #"template: :1:2: executing "" at <scratch>: can't evaluate field Nope in type *template.Scratch"#),
        Case(
            #"{{"{a" | parseJSON}}"#,
            #"template: :1:9: executing "" at <parseJSON>: error calling parseJSON: invalid character 'a' looking for beginning of object key string"#
        ),
        Case(
            #"{{parseInt "x"}}"#,
            #"template: :1:2: executing "" at <parseInt "x">: error calling parseInt: parseInt: strconv.ParseInt: parsing "x": invalid syntax"#
        ),
        Case(
            "{{9223372036854775808}}",
            #"template: :1:2: executing "" at <9223372036854775808>: 9223372036854775808 overflows int"#),
    ])
    func `about execution`(_ test: Case) {
        #expect(errorText(of: test.template, functions: machines) == test.result)
    }

    @Test func `with the file, the line and the column`() throws {
        let syntax = #expect(throws: TemplateError.self) {
            try Template(parsing: "ok\n  {{nope}}", name: "nginx.ctmpl")
        }
        #expect(syntax?.location == "nginx.ctmpl:2:5")
        #expect(syntax?.kind == .syntax)
        let template = try Template(parsing: "\n {{index .}}", name: "nginx.ctmpl")
        let execution = #expect(throws: TemplateError.self) { try template.render() }
        #expect(execution?.location == "nginx.ctmpl:2:4")
        #expect(execution?.kind == .execution)
    }
}

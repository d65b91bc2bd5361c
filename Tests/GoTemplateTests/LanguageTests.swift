import Testing

@testable import GoTemplate

@Suite struct `The template language` {
    @Test(arguments: [
        Case(#"plain { } }} größe"#, #"plain { } }} größe"#),
        Case(#"{{23 -}} < {{- 45}}"#, "23<45"),
        Case("a \n\t{{- 1 -}} \r\n b", "a1b"),
        Case("{{-3}}|{{- -3 -}} |", "-3|-3|"),
        Case("a {{/* gone */}} b {{- /* and\nits blanks */ -}} c", "a  bc"),
        Case("{{   \"a\"   }}{{\t\"b\"\t}}{{\n\"c\"\n}}", "abc"),
        Case(#"{{"}}"}}{{"{{"}}"#, "}}{{"),
        Case("{ \"a\": {{\"{\"}}{{1}}{{\"}\"}} }", "{ \"a\": {1} }"),
    ])
    func `text stays as it is, and trim markers take the white space beside them`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(#"{{"tab\tq\"uote\\ \x41\101\u263a\U0001F600"}}"#, "tab\tq\"uote\\ AA☺😀"),
        Case("{{`raw \\n \"q\"\nsecond line`}}", "raw \\n \"q\"\nsecond line"),
        Case("{{1}} {{+7}} {{0x1F}} {{0o17}} {{017}} {{0b101}} {{1_000}}", "1 7 31 15 15 5 1000"),
        Case("{{1e3}} {{3.0}} {{-0.0}} {{.5}} {{5.}} {{0x1p4}} {{1i}} {{1+2i}}", "1000 3 -0 0.5 5 16 (0+1i) (1+2i)"),
        Case("{{'a'}} {{'☃'}} {{'\\n'}} {{'\\''}}", "97 9731 10 39"),
        Case("{{9223372036854775807}} {{-9223372036854775808}}", "9223372036854775807 -9223372036854775808"),
        Case("{{true}} {{false}} {{print nil}}", "true false <nil>"),
    ])
    func `literals are Go's`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(#"{{if 0}}a{{else if ""}}b{{else if "0"}}c{{else}}d{{end}}"#, "c"),
        Case(#"{{if $n := len "abc"}}{{$n}}{{else}}{{$n}}{{end}}"#, "3"),
        Case(#"{{if $n := ""}}x{{else if eq $n ""}}still seen{{end}}"#, "still seen"),
        Case(#"{{with "x"}}{{.}}{{else}}none{{end}}{{with ""}}{{.}}{{else}}none{{end}}"#, "xnone"),
        Case(#"{{with ""}}a{{else with "b"}}{{.}}{{end}}"#, "b"),
        Case(#"{{range split "," "x,y"}}[{{.}}]{{end}}"#, "[x][y]"),
        Case(#"{{range $e := split "," "x,y"}}[{{$e}}{{.}}]{{end}}"#, "[xx][yy]"),
        Case(#"{{range $i, $e := split "," "x,y"}}{{$i}}={{$e}} {{end}}"#, "0=x 1=y "),
        Case(
            #"{{range $k, $v := parseJSON "{\"a\":1,\"b\":2,\"B\":3,\"10\":4,\"9\":5}"}}{{$k}}{{$v}} {{end}}"#,
            "104 95 B3 a1 b2 "),
        Case(#"{{range split "," ""}}x{{else}}none{{end}}{{range .}}x{{else}}none{{end}}"#, "nonenone"),
        Case(
            #"{{range $i, $e := loop 5 8}}{{$i}}:{{$e}} {{end}}{{range loop 0}}x{{else}}none{{end}}"#,
            "0:5 1:6 2:7 none"),
        Case(#"{{range 3}}{{.}}{{end}}"#, "012"),
        Case(
            #"{{range $e := split "," "a,b,c,d"}}{{if eq $e "b"}}{{continue}}{{end}}{{if eq $e "d"}}{{break}}{{end}}{{$e}}{{end}}."#,
            "ac."),
        Case(#"{{range split "," "a,b"}}{{with .}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}{{end}}."#, "a."),
        Case(
            #"{{range $x := split "," "x,y,z"}}{{range $i := loop 3}}{{if eq $x "y"}}{{break}}{{end}}{{$i}}{{end}}|{{end}}"#,
            "012||012|"),
    ])
    func `if, with and range choose and repeat`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}{{if true}}{{$x = 3}}{{end}}{{$x}}", "213"),
        Case(#"{{$last := "none"}}{{range split "," "a,b,c"}}{{$last = .}}{{end}}{{$last}}"#, "c"),
        Case(#"{{$i := 9}}{{$e := 9}}{{range $i, $e = split "," "x,y"}}{{end}}{{$i}}{{$e}}"#, "1y"),
        Case(#"{{define "t"}}{{$}}{{end}}{{$x := 1}}{{template "t" 7}}"#, "7"),
        Case(#"{{with $x := "a"}}{{$x}}{{$}}{{end}}"#, "a<no value>"),
    ])
    func `variables live until the end of their block`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(#"{{define "a"}}A({{.}}){{end}}{{template "a"}} {{template "a" "x"}}"#, "A(<no value>) A(x)"),
        Case(#"{{template "late" 1}}{{define "late"}}<{{.}}>{{end}}"#, "<1>"),
        Case(#"{{block "b" 7}}B{{.}}{{end}}{{template "b" 8}}"#, "B7B8"),
        Case(#"{{define "d"}}first{{end}}{{define "d"}} {{/* nothing */}} {{end}}{{template "d"}}"#, "first"),
        Case(#"{{define "p"}}({{.}}){{end}}{{template "p" printf "%s-%d" "o" 3}}"#, "(o-3)"),
        Case(
            #"{{define "n"}}{{.}}{{if gt . 0}}{{template "n" (subtract 1 .)}}{{end}}{{end}}{{template "n" 3}}"#, "3210"),
        Case(#"{{define "w"}}[{{.}}]{{end}}{{$s := executeTemplate "w" "arg"}}{{$s | toUpper}}{{len $s}}"#, "[ARG]5"),
    ])
    func `templates are defined and called`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{ ( print 1 ) }}{{print (1) (2)}}{{ print 1 | print 2 }}{{"x"|print}}{{(print (print (1)))}}"#,
            "11 221x1"),
        Case(#"{{"a,b" | split "," | join "-" | printf "%s!%s" "x"}}"#, "x!a-b"),
        Case(
            #"{{and 0 "x"}} {{or "" "d"}} {{or 0 "" nil false}} {{"p" | or ""}} {{"p" | and 1}} {{and 1 2 3}} {{not ""}}"#,
            "0 d false p p 3 true"),
        Case(#"{{or 1 (index (split "," "a") 9)}}"#, "1"),
        Case(#"{{print 1 |}}"#, "1"),
    ])
    func `pipelines pass values on, and and/or stop early`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case("{{range machines}}{{.Name}}:{{.Port}} {{end}}", "web-1:8005 web-2:8005 "),
        Case(
            "{{(index machines 1).Name}} {{$m := index machines 0}}{{$m.Meta.host}}|{{$m.Meta.none}}|", "web-2 web-1||"),
        Case("{{with index machines 0}}{{.}}{{end}}", "{web-1 8005 map[host:web-1] [a b]}"),
        Case(#"{{(index machines 0).Tags | join "+"}}"#, "a+b"),
        Case("{{if noMachine}}some{{else}}none{{end}}", "none"),
        Case(#"{{(parseJSON "{\"a\":{\"b\":[5]}}").a.b}}"#, "[5]"),
        Case(
            #"{{$m := parseJSON "{}"}}{{$m.b}} {{printf "%v" $m.b}} {{$m.b | printf "%s"}}"#,
            "<no value> <nil> %!s(<nil>)"),
        Case("{{.}} {{$}} {{.x.y.z}} {{printf \"%v\" .}}", "<no value> <no value> <no value> <nil>"),
        Case(
            #"{{scratch.Set "m" (parseJSON "{\"k\":{\"z\":3}}")}}{{(scratch.Get "m").k.z}}{{scratch.Key "no"}}"#,
            "3false"),
        Case(#"{{scratch.MapSet "m" "b" 1}}{{scratch.MapSet "m" "a" 2}}{{scratch.MapValues "m"}}"#, "[2 1]"),
    ])
    func `fields are read from structs, maps and nothing`(_ test: Case) throws {
        #expect(try render(test.template, functions: machines) == test.result)
    }

    @Test func `other delimiters leave braces alone`() throws {
        let template = try Template(
            parsing: "\\x{{{y}}} <<range loop 2>><<.>> <<- end ->> .", name: "",
            functions: .consulTemplate, delimiters: Template.Delimiters(left: "<<", right: ">>"))
        #expect(try template.render() == "\\x{{{y}}} 01.")
    }

    @Test func `octets that are not UTF-8 pass unchanged`() throws {
        let template = try Template(parsing: GoString(octets: [0xff, 0x7b, 0x7b, 0x31, 0x7d, 0x7d, 0xfe]), name: "")
        #expect(try template.render().octets == [0xff, 0x31, 0xfe])
    }
}

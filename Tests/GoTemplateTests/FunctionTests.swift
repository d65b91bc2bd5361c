import Testing

@testable import GoTemplate

@Suite struct `Functions` {
    @Test(arguments: [
        Case(
            "{{eq 1 1}} {{eq 1 2 3 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1.5 1.5}} {{lt \"B\" \"a\"}}",
            "true true true true true true true true"),
        Case(
            #"{{eq (parseInt "3") 3}} {{eq (parseUint "3") 3}} {{lt -1 (parseUint "0")}} {{gt (parseUint "1") -1}}"#,
            "true true true true"),
        Case(
            #"{{$m := parseJSON "{\"s\":\"x\",\"n\":null}"}}{{eq $m.n nil}} {{eq $m.s nil}} {{ne $m.zz nil}} {{eq nil nil}}"#,
            "true false false true"),
        Case("{{eq \"\u{e9}\" \"e\u{301}\"}}", "false"),
    ])
    func `comparisons go by kind and value`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{range parseJSON "[0,1,-1,0.0,\"\",\"0\",\"false\",[],[0],{},{\"a\":0},null,true,false]"}}{{if .}}T{{else}}F{{end}}{{end}}"#,
            "FTTFFTTFTFTFTF"),
        Case(
            #"{{len "größe"}} {{"☃" | len}} {{len (split "," "a,b")}} {{index "abc" 1}} {{slice "abcdef" 1 4}}"#,
            "7 3 2 98 bcd"),
        Case(
            #"{{$l := split "," "a,b,c,d"}}{{index $l 0}}{{index $l 3}} {{slice $l 1 3}} {{slice $l 2}} {{slice $l}} {{index $l (parseInt "1")}}"#,
            "ad [b c] [c d] [a b c d] b"),
        Case(
            #"{{$m := parseJSON "{\"x\":{\"y\":[9]}}"}}{{index $m "x" "y" 0}} {{index $m "nope"}} {{index $m}}"#,
            "9 <no value> map[x:map[y:[9]]]"),
    ])
    func `truth, length and elements`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            "{{divide 2 10}} {{10 | divide 4}} {{subtract 2 5}} {{divide 2 -7}} {{modulo 3 -10}} {{multiply 3 4}}",
            "5 2 3 -3 -1 12"),
        Case(
            "{{add 0.1 0.2}} {{divide 3.0 1}} {{add 9223372036854775807 1}} {{divide -1 -9223372036854775808}}",
            "0.30000000000000004 0.3333333333333333 -9223372036854775808 -9223372036854775808"),
        Case(
            "{{minimum 1 2}} {{maximum 1 2}} {{add (parseUint \"1\") (parseUint \"2\") | printf \"%T\"}}", "1 2 uint64"),
    ])
    func `arithmetic takes the subject last`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{"MiXed" | toLower}} {{"é" | toUpper}} [{{trimSpace " a b \n"}}] {{"--a--" | trim "-"}} {{"v1.2" | trimPrefix "v"}} {{"a.conf" | trimSuffix ".conf"}}"#,
            "mixed É [a b] a 1.2 a"),
        Case(
            #"{{"a.b.c" | replaceAll "." "_"}} {{"ab" | replaceAll "" "-"}} {{"aaa" | replaceAll "aa" "b"}}"#,
            "a_b_c -a-b- ba"),
        Case(
            #"{{split "," "a,,b," | printf "%q"}} {{split "," " a, b " | printf "%q"}} {{split "" "abc" | printf "%q"}} {{split "," "" | len}}"#,
            #"["a" "" "b" ""] ["a" " b"] ["a" "b" "c"] 0"#),
        Case("{{\"a\\n\\nb\" | indent 2}}", "  a\n\n  b"),
        Case(
            #"{{"abc" | contains "b"}} {{in (split "," "a,b") "c"}} {{in (parseJSON "[1,2]") 1}} {{in (parseJSON "[1,2]") 1.0}}"#,
            "true false false true"),
        Case(
            #"{{$n := parseJSON "[\"a\",\"z\"]"}}{{$l := split "," "a,b"}}{{containsAll $n $l}} {{containsAny $n $l}} {{containsNone $n $l}} {{containsNotAll $n $l}}"#,
            "false true false true"),
    ])
    func `text and lists`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{parseBool "T"}} {{parseInt "-5"}} {{parseUint "5"}} {{parseFloat "1.50"}} {{parseInt ""}}{{parseBool ""}}"#,
            "true -5 5 1.5 0false"),
        Case(
            #"{{(parseJSON "{\"a\":\"\\u00e9\\ud83d\\ude00\\ud800\\n\"}").a | printf "%q"}}"#,
            "\"é😀\u{fffd}\\n\""),
        Case(#"{{parseJSON ""}} {{parseJSON " [ ] "}} {{parseJSON "{\"a\":1,\"a\":2}"}}"#, "map[] [] map[a:2]"),
    ])
    func `parsing`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test func `a function that lacks something says so without blaming the template`() throws {
        let functions = FunctionTable([
            "key": Function(.string) { throw MissingDependency("key \($0[0].text.quoted)") }
        ])
        let error = #expect(throws: TemplateError.self) { try render(#"a {{key "app/port"}}"#, functions: functions) }
        #expect(error?.kind == .missingDependency)
        #expect(error?.message == #"key "app/port" does not exist yet"#)
    }
}

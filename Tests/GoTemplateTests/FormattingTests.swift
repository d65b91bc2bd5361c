import Testing

@testable import GoTemplate

@Suite struct `Values are printed as Go prints them` {
    @Test(arguments: [
        Case(
            "{{100000000.0}} {{123456789.0}} {{1e20}} {{1e21}} {{1e-7}} {{0.0001}} {{0.00001}}",
            "1e+08 1.23456789e+08 1e+20 1e+21 1e-07 0.0001 1e-05"),
        Case("{{123456.0}} {{999999.5}} {{1234567.0}} {{0.1}} {{1e100}}", "123456 999999.5 1.234567e+06 0.1 1e+100"),
        Case(
            #"{{range parseJSON "[100000,1000000,21000000,12345678901234567890,-0,5e-324]"}}{{.}} {{end}}"#,
            "100000 1e+06 2.1e+07 1.2345678901234567e+19 -0 5e-324 "),
        Case(#"{{parseJSON "[3,\"x\",true,null,{\"k\":\"v\"},[1]]"}}"#, "[3 x true <nil> map[k:v] [1]]"),
        Case(
            #"{{print 1 2}} {{print "a" "b"}} {{print 1 "a" 2 3 "b" "c" true false}}"#,
            "1 2 ab 1a2 3bctrue false"),
        Case(#"{{println 1 "a"}}"#, "1 a\n"),
    ])
    func `without a format`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{printf "%q|%x|%X|% x|%+q|%#q|%.2s" "a\"b" "hi" "hi" "hi" "é" "raw" "hello"}}"#,
            #""a\"b"|6869|6869|68 69|"\u00e9"|`raw`|he"#),
        Case(
            #"{{printf "%d|%5d|%-5d|%05d|%+d|%#x|%#o|%O|%b|%U|% d|%X" 42 42 42 42 42 255 8 8 5 65 7 255}}"#,
            "42|   42|42   |00042|+42|0xff|010|0o10|101|U+0041| 7|FF"),
        Case(#"{{printf "%c|%q|%U|%#U" 'é' 'é' 'é' 'é'}}"#, "é|'é'|U+00E9|U+00E9 'é'"),
        Case(
            #"{{printf "%f|%.2f|%8.3f|%e|%g|%G|%06.2f|%.0f|%.3g" 3.14159 3.14159 3.14159 1234.5678 1e21 1e-7 3.14159 2.5 1234.5678}}"#,
            "3.141590|3.14|   3.142|1.234568e+03|1e+21|1E-07|003.14|2|1.23e+03"),
        Case(
            #"{{printf "%+.1f|% .1f|%-7.1f|%07.1f|%5.1f" 1.25 1.35 -1.5 -1.5 1.25}}"#, "+1.2| 1.4|-1.5   |-0001.5|  1.2"
        ),
        Case(
            #"{{printf "%05s|%5s|%-5s|%6t|%5v|%-7v|" "ab" "é☃" "é☃" true 1.5 true}}"#,
            "000ab|   é☃|é☃   |  true|  1.5|true   |"),
        Case(#"{{printf "%*d|%[2]s %[1]s" 5 42}}"#, "   42|%!s(int=42) %!s(int=5)"),
        Case(#"{{printf "%[2]s %[1]s" "a" "b"}} {{printf "%.*f" 2 3.14159}}"#, "b a 3.14"),
        Case(
            #"{{printf "%v|%+v|%d" (split "," "a,b") (split "," "a,b") (parseJSON "[1]")}}"#,
            "[a b]|[a b]|[%!d(float64=1)]"),
        Case(#"{{printf "[%5v] %q" (split "," "a,b") (split "," "a,b")}}"#, #"[[    a     b]] ["a" "b"]"#),
        Case(
            #"{{printf "%#v %#v" (parseJSON "{\"a\":[1,\"x\",null]}") (split "," "a,b")}}"#,
            #"map[string]interface {}{"a":[]interface {}{1, "x", interface {}(nil)}} []string{"a", "b"}"#),
        Case(
            #"{{printf "%T %T %T %T %T %T %T %T" 1 1.5 'a' (parseInt "1") (parseUint "1") (split "," "") (parseJSON "{}") nil}}"#,
            "int float64 int int64 uint64 []string map[string]interface {} <nil>"),
        Case(
            #"{{printf "100%%"}}{{printf "%6.2f%%" 12.345}}"#,
            "100% 12.35%"),
    ])
    func `with a format`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        Case(
            #"{{printf "%d" "x"}} {{printf "%s" 5}} {{printf "%d %d" 1}} {{printf "%d" 1 2}}"#,
            "%!d(string=x) %!s(int=5) 1 %!d(MISSING) 1%!(EXTRA int=2)"),
        Case(
            #"{{printf "%!"}} {{printf "%z" 1}} {{printf "%"}} {{printf "%[3]d" 1 2}} {{printf "%[1]d %d" 7 8}}"#,
            "%!!(MISSING) %!z(int=1) %!(NOVERB) %!d(BADINDEX) 7 8"),
        Case(
            #"{{printf "%s" nil}} {{printf "%d" true}} {{printf "%t" 1}} {{printf "%.*d" "x" 1}}"#,
            "%!s(<nil>) %!d(bool=true) %!t(int=1) %!(BADPREC)1"),
        Case(#"{{printf "%s" (printf "x") 5}} {{printf "%[x]d" 1}}"#, "x%!(EXTRA int=5) %!d(BADINDEX)"),
    ])
    func `and a format's mistakes show in the text`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }

    @Test(arguments: [
        (0.0, "0.000"), (0.0005, "0.001"), (0.0015, "0.002"), (2.0005, "2.001"), (999.9996, "1000.000"),
        (1e22, "10000000000000000000000.000"), (123456.789, "123456.789"), (.leastNonzeroMagnitude, "0.000"),
    ])
    func `a fixed precision rounds the exact value, half to even`(number: Double, text: String) throws {
        // 0.0005 and 2.0005 lie a little above the half in binary, 0.0015 too.
        #expect(FloatForm.plain.text(of: number, precision: 3) == text)
    }

    @Test(arguments: [
        Case(#"{{html "<a href='x'>\"&\x00"}}"#, "&lt;a href=&#39;x&#39;&gt;&#34;&amp;\u{fffd}"),
        Case(#"{{js "it's \"q\" <x> &=\n\\ é"}}"#, #"it\'s \"q\" \u003Cx\u003E \u0026\u003D\u000A\\ é"#),
        Case(#"{{urlquery "a b&c=d/é+?"}} {{urlquery "a" "b" 1 2}}"#, "a+b%26c%3Dd%2F%C3%A9%2B%3F ab1+2"),
        Case(#"{{html nil}} {{html 1 "<"}}"#, "&lt;no value&gt; 1&lt;"),
    ])
    func `html, js and urlquery escape`(_ test: Case) throws {
        #expect(try render(test.template) == test.result)
    }
}

/*
 * Templates: what Go's text/template makes of the same text and value, output and errors.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/go_text.h"
#include "codec/template.h"

#include "base/banned.h"

/* ---- the value ---- */

static bool greet(const void *self, const struct lf_value *arg, struct lf_arena *arena,
		  struct lf_value *ret, struct lf_err *err)
{
	(void)self;
	if (!arg[0].s.n)
		return lf_fail_new(err, LF_E_USAGE, "nobody to greet");
	*ret = lf_value_str(lf_arena_printf(arena, "hello " LF_STR_FMT, LF_STR_ARG(arg[0].s)));
	return true;
}

static const struct lf_value_method greet_method = {"Greet", 1, greet};
static const struct lf_value_methods methods = {&greet_method, 1};

#define TEXT(t)                                                                   \
	{                                                                         \
		.kind = LF_VALUE_STR, .type = "string", .s = { t, sizeof(t) - 1 } \
	}

static const struct lf_value list[] = {TEXT("a"), TEXT("b")};
static const struct lf_value_field pairs[] = {{"k", TEXT("v")}, {"l", TEXT("w")}};
static const struct lf_value_field inner_fields[] = {
	{"Name", TEXT("inner")},
	{"Level", {.kind = LF_VALUE_UINT, .type = "uint64", .u = 4}},
};
static const struct lf_value inner = {.kind = LF_VALUE_STRUCT,
				      .type = "t.Inner",
				      .n = LF_ARRAY_LEN(inner_fields),
				      .field = inner_fields};
static const struct lf_value_field fields[] = {
	{"Name", TEXT("foo")},
	{"Empty", TEXT("")},
	{"List", {.kind = LF_VALUE_LIST, .type = "[]string", .n = 2, .item = list}},
	{"Map", {.kind = LF_VALUE_MAP, .type = "map[string]string", .n = 2, .field = pairs}},
	{"Inner", {.kind = LF_VALUE_POINTER, .type = "*t.Inner", .target = &inner}},
	{"None", {.kind = LF_VALUE_POINTER, .type = "*t.Inner", .zero = &inner}},
	{"Wait", {.kind = LF_VALUE_INT, .type = "time.Duration", .i = 90, .shown = "90ns"}},
	{"On", {.kind = LF_VALUE_BOOL, .type = "bool", .b = true}},
};
static const struct lf_value top = {.kind = LF_VALUE_STRUCT,
				    .type = "t.Top",
				    .n = LF_ARRAY_LEN(fields),
				    .field = fields,
				    .methods = &methods};

struct sample {
	const char *text, *want;
};

/* The output, or "error: …" behind what was put out before. */
static void check(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf out = {0};
		lf_auto_err err = {0};
		const struct lf_template *t = lf_template_parse("t", samples[i].text, &arena, &err);

		if (!t || !lf_template_run(t, &top, &out, &arena, &err))
			lf_buf_printf(&out, "error: %s", lf_err_text(&err));
		assert_string_equal(lf_buf_c(&out), samples[i].want);
	}
}

static void walks_values(void **state)
{
	static const struct sample samples[] = {
		{"", ""},
		{"plain {", "plain {"},
		{"{{.Name}}={{ .Inner.Level }}", "foo=4"},
		{"{{.List}} {{.Map}} {{.Inner}} {{.None}} {{.Wait}} {{.On}}",
		 "[a b] map[k:v l:w] {inner 4} <nil> 90ns true"},
		{"{{.Map.k}}{{.Map.x}}{{.Map.x.y}}", "v<no value><no value>"},
		{"{{(index .List 1)}}{{index .Map \"l\"}}{{index .Map \"x\"}}|", "bw|"},
		{"{{slice .Name 1}}{{slice .List 1 2}}{{len .Name}}{{len .List}}", "oo[b]32"},
		{"{{.Greet \"you\"}}{{\"me\" | .Greet}}", "hello youhello me"},
		{"a  {{- .Name -}}  b{{/* c */}} {{- /* d */ -}} e", "afoobe"},
		{"{{$x := .Name}}{{$x}}{{$x = 5}}{{$x}}{{$.Name}}", "foo5foo"},
		{"{{1.5e3}} {{0x1f}} {{0b11}} {{010}} {{1_0}} {{'a'}} {{1e6}} {{-3}}",
		 "1500 31 3 8 10 97 1e+06 -3"},
		{"{{`raw\\n`}}{{\"\\x41\\u00e9\\n\"}}", "raw\\nA\u00e9\n"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void runs_blocks(void **state)
{
	static const struct sample samples[] = {
		{"{{if .Name}}y{{else}}n{{end}}{{if .Empty}}y{{else if .On}}2{{else}}n{{end}}",
		 "y2"},
		{"{{with .Inner}}{{.Name}}{{$.Name}}{{end}}{{with .None}}x{{else}}none{{end}}",
		 "innerfoonone"},
		{"{{with .Empty}}a{{else with .Name}}{{.}}{{end}}", "foo"},
		{"{{range .List}}<{{.}}>{{end}}{{range $i, $x := .List}}{{$i}}{{$x}}{{end}}",
		 "<a><b>0a1b"},
		{"{{range $k, $v := .Map}}{{$k}}={{$v}};{{end}}{{range .Map.x}}{{else}}e{{end}}",
		 "k=v;l=w;e"},
		{"{{range 3}}{{.}}{{end}}{{range $i, $x := .List}}{{break}}{{end}}", "012"},
		{"{{range .List}}{{if eq . \"a\"}}{{continue}}{{end}}{{.}}{{end}}", "b"},
		{"{{define \"x\"}}[{{.}}]{{end}}{{template \"x\" .Name}}{{template \"x\"}}",
		 "[foo][<no value>]"},
		{"{{block \"x\" .Name}}({{.}}){{end}}", "(foo)"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void calls_functions(void **state)
{
	static const struct sample samples[] = {
		{"{{and 1 0 2}} {{or 0 \"\" \"x\"}} {{not 1}} {{1 | and 2}} {{or 1 .Nope}}",
		 "0 x false 1 1"},
		{"{{eq 1 2 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1 2}}",
		 "true true true true true false"},
		{"{{eq .Inner.Level 4}} {{eq .None nil}} {{eq .Inner nil}} {{lt -1 .Inner.Level}}",
		 "true true false true"},
		{"{{print 1 2 \"a\" \"b\" nil}} {{println .List 1}}", "1 2ab<nil> [a b] 1\n"},
		{"{{html \"<a&'\\\"\"}} {{js \"it's<\"}} {{urlquery \"a b&c\"}}",
		 "&lt;a&amp;&#39;&#34; it\\'s\\u003C a+b%26c"},
		{"{{.Name | printf \"%s-%s\" \"a\"}}", "a-foo"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void formats(void **state)
{
	static const struct sample samples[] = {
		{"{{printf \"%5s|%-5s|%05d|%+d|% d\" \"a\" \"b\" 7 7 7}}",
		 "    a|b    |00007|+7| 7"},
		{"{{printf \"%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U|%#U\" 255 255 255 8 8 8 5 65 65 233 "
		 "233}}",
		 "ff|FF|0xff|10|010|0o10|101|A|'A'|U+00E9|U+00E9 '\u00e9'"},
		{"{{printf \"%q %+q %#q %x % x %.2s|%6.2f|%e|%g\" \"a\\\"\" \"\u00e9\" \"a\" "
		 "\"hi\" "
		 "\"hi\" \"abc\" 3.14159 1.5 1.5}}",
		 "\"a\\\"\" \"\\u00e9\" `a` 6869 68 69 ab|  3.14|1.500000e+00|1.5"},
		{"{{printf \"%v %+v %#v %T\" .Inner .Inner .Inner .Inner}}",
		 "&{inner 4} &{Name:inner Level:4} &t.Inner{Name:\"inner\", Level:0x4} *t.Inner"},
		{"{{printf \"%q %#v %d\" .List .Map .Wait}}",
		 "[\"a\" \"b\"] map[string]string{\"k\":\"v\", \"l\":\"w\"} 90"},
		{"{{printf \"%d %s\" \"a\"}}{{printf \"%d\" 1 2}}",
		 "%!d(string=a) %!s(MISSING)1%!(EXTRA int=2)"},
		{"{{printf \"%[2]s %[1]s|%[3]s|%[x]s\" \"a\" \"b\"}}",
		 "b a|%!s(BADINDEX)|%!s(BADINDEX)"},
		{"{{printf \"%*d|%.*f|%*d\" 3 1 1 2.55 \"x\" 1}}", "  1|2.5|%!(BADWIDTH)1"},
		{"{{printf \"%\"}} {{printf \"%%\"}} {{printf \"%z\" 1}} {{printf \"%t\" nil}}",
		 "%!(NOVERB) % %!z(int=1) %!t(<nil>)"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void tells_parse_errors(void **state)
{
	static const struct sample samples[] = {
		{"a{{", "error: template: t:1: unclosed action"},
		{"{{.Name\n", "error: template: t:2: unclosed action started at t:1"},
		{"{{}}", "error: template: t:1: missing value for command"},
		{"{{if}}{{end}}", "error: template: t:1: missing value for if"},
		{"{{if 1}}", "error: template: t:1: unexpected EOF"},
		{"\n{{end}}", "error: template: t:2: unexpected {{end}}"},
		{"{{if 1}}{{else}}{{else}}{{end}}",
		 "error: template: t:1: expected end; found {{else}}"},
		{"{{foo}}", "error: template: t:1: function \"foo\" not defined"},
		{"{{$x}}", "error: template: t:1: undefined variable \"$x\""},
		{"{{1 | 2}}", "error: template: t:1: non executable command in pipeline stage 2"},
		{"{{.Na%me}}", "error: template: t:1: bad character U+0025 '%'"},
		{"{{\"abc}}", "error: template: t:1: unterminated quoted string"},
		{"{{(print}}", "error: template: t:1: unclosed left paren"},
		{"{{print)}}", "error: template: t:1: unexpected right paren"},
		{"{{/* a }}", "error: template: t:1: unclosed comment"},
		{"{{break}}", "error: template: t:1: {{break}} outside {{range}}"},
		{"{{range $a, $b, $c := .}}{{end}}",
		 "error: template: t:1: too many declarations in range"},
		{"{{3x}}", "error: template: t:1: bad number syntax: \"3x\""},
		{"{{1__0}}", "error: template: t:1: illegal number syntax: \"1__0\""},
		{"{{99999999999999999999}}",
		 "error: template: t:1: integer overflow: \"99999999999999999999\""},
		{"{{\"a\".X}}", "error: template: t:1: unexpected . after term \"\\\"a\\\"\""},
		{"{{define \"x\"}}a{{end}}{{define \"x\"}}b{{end}}",
		 "error: template: t:1: template: multiple definition of template \"x\""},
		{"{{print %}}", "error: template: t:1: unexpected \"%\" in operand"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void tells_run_errors(void **state)
{
	static const struct sample samples[] = {
		{"x{{.Nope}}",
		 "xerror: template: t:1:3: executing \"t\" at <.Nope>: can't evaluate "
		 "field Nope in type t.Top"},
		{"\n {{.Inner.Nope}}", "\n error: template: t:2:9: executing \"t\" at "
				       "<.Inner.Nope>: can't evaluate field "
				       "Nope in type *t.Inner"},
		{"{{.None.Name}}", "error: template: t:1:7: executing \"t\" at <.None.Name>: nil "
				   "pointer evaluating *t.Inner.Name"},
		{"{{index .List 9}}", "error: template: t:1:2: executing \"t\" at <index .List 9>: "
				      "error calling index: index out of range: 9"},
		{"{{len 3}}", "error: template: t:1:2: executing \"t\" at <len 3>: error calling "
			      "len: len of type int"},
		{"{{len}}", "error: template: t:1:2: executing \"t\" at <len>: wrong number of "
			    "args for len: want 1 got 0"},
		{"{{printf 3}}", "error: template: t:1:9: executing \"t\" at <3>: expected string; "
				 "found 3"},
		{"{{eq 1 \"a\"}}", "error: template: t:1:2: executing \"t\" at <eq 1 \"a\">: error "
				   "calling eq: incompatible types for comparison: int and string"},
		{"{{.Name 1}}", "error: template: t:1:2: executing \"t\" at <.Name>: Name has "
				"arguments but cannot be invoked as function"},
		{"{{.Greet \"\"}}", "error: template: t:1:2: executing \"t\" at <.Greet>: error "
				    "calling Greet: nobody to greet"},
		{"{{range .On}}{{end}}", "error: template: t:1:8: executing \"t\" at <.On>: range "
					 "can't iterate over true"},
		{"{{template \"x\"}}", "error: template: t:1:11: executing \"t\" at <{{template "
				       "\"x\"}}>: template \"x\" not defined"},
		{"{{nil}}", "error: template: t:1:2: executing \"t\" at <nil>: nil is not a "
			    "command"},
		{"{{range 20000000}}{{end}}",
		 "error: template: t:1:8: executing \"t\" at <20000000>: too much output, or too "
		 "many rounds"},
		{"{{$x := \"aaaaaaaa\"}}{{range 99}}{{$x = print $x $x}}{{end}}",
		 "error: template: t:1:39: executing \"t\" at <print $x $x>: error calling print: "
		 "too much text"},
		{"{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
		 "error: template: t:1:25: executing \"x\" at <{{template \"x\"}}>: exceeded "
		 "maximum template depth (500)"},
	};

	(void)state;
	check(samples, LF_ARRAY_LEN(samples));
}

static void limits_depth(void **state)
{
	lf_auto_buf parens = {0}, blocks = {0};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	lf_buf_puts(&parens, "{{");
	lf_buf_fill(&parens, '(', 100000);
	assert_null(lf_template_parse("t", parens.p, &arena, &err));
	assert_string_equal(lf_err_text(&err), "template: t:1: max expression depth exceeded");
	for (size_t i = 0; i < 100000; i++)
		lf_buf_puts(&blocks, "{{if 1}}");
	assert_null(lf_template_parse("t", blocks.p, &arena, &err));
	assert_string_equal(lf_err_text(&err), "template: t:1: max expression depth exceeded");
}

static void quotes_and_unquotes(void **state)
{
	static const struct {
		const char *literal, *want; /* NULL: not a literal */
	} cases[] = {
		{"\"a\\tb\\\"\"", "a\tb\""},
		{"`a\\`", "a\\"},
		{"\"\\377\"", "\377"},
		{"\"\\u00e9\"", "\u00e9"},
		{"'\\''", "'"},
		{"\"a", NULL},
		{"\"\\q\"", NULL},
		{"\"\\xg0\"", NULL},
		{"\"\\ud800\"", NULL},
		{"\"", NULL},
		{"", NULL},
		{"\"a\"b\"", NULL},
		{"\"\\", NULL},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf got = {0};
		bool ok = lf_unquote(&got, lf_str(cases[i].literal));

		assert_int_equal(ok, cases[i].want != NULL);
		if (ok)
			assert_string_equal(lf_buf_c(&got), cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_values),       cmocka_unit_test(runs_blocks),
		cmocka_unit_test(calls_functions),    cmocka_unit_test(formats),
		cmocka_unit_test(tells_parse_errors), cmocka_unit_test(tells_run_errors),
		cmocka_unit_test(limits_depth),       cmocka_unit_test(quotes_and_unquotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

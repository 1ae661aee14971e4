/*
 * Numbers and strings by the verbs of Go's printf, with width, precision and flags.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "codec/go_text.h"
#include "codec/template_impl.h"
#include "codec/utf8.h"

#include "base/banned.h"

#define DIGITS_MAX 4096 /* of one number, whatever width and precision say */

static size_t count_runes(struct lf_str s)
{
	size_t n = 0;
	uint32_t c;

	for (; s.n; n++)
		(void)lf_utf8_next(&s, &c);
	return n;
}

void lf_print_padded(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb)
{
	size_t n = count_runes(s), width = verb->width > 0 ? (size_t)verb->width : 0;
	size_t missing = width > n ? width - n : 0;

	lf_buf_fill(out, verb->zero ? '0' : ' ', verb->minus ? 0 : missing);
	lf_buf_str(out, s);
	lf_buf_fill(out, ' ', verb->minus ? missing : 0);
}

/* ---- integers ---- */

static bool print_rune(struct lf_buf *out, uint64_t u, const struct lf_verb *verb)
{
	uint32_t c = u > 0x10ffff ? 0xfffd : (uint32_t)u;
	lf_auto_buf text = {0};

	if (verb->verb == 'c')
		lf_rune_put(&text, c);
	else
		lf_quote_rune(&text, c, verb->plus);
	lf_print_padded(out, lf_buf_view(&text), verb);
	return true;
}

static bool print_code_point(struct lf_buf *out, uint64_t u, const struct lf_verb *verb)
{
	struct lf_verb blanks = *verb;
	lf_auto_buf text = {0};

	blanks.zero = false;
	lf_buf_printf(&text, "U+%0*llX", verb->precision > 4 ? verb->precision : 4,
		      (unsigned long long)u);
	if (verb->sharp && u <= 0x10ffff && lf_rune_prints((uint32_t)u)) {
		lf_buf_puts(&text, " '");
		lf_rune_put(&text, (uint32_t)u);
		lf_buf_putc(&text, '\'');
	}
	lf_print_padded(out, lf_buf_view(&text), &blanks);
	return true;
}

/* What stands before the digits. */
static const char *integer_prefix(const struct lf_verb *verb, unsigned base, bool zero_first)
{
	if (verb->verb == 'O')
		return "0o";
	if (!verb->sharp)
		return "";
	if (base == 2)
		return "0b";
	if (base == 8)
		return zero_first ? "" : "0";
	return base == 16 ? (verb->verb == 'X' ? "0X" : "0x") : "";
}

static const char *sign_of(bool negative, const struct lf_verb *verb)
{
	return negative ? "-" : verb->plus ? "+" : verb->space ? " " : "";
}

/* How many digits there must be: precision, or a width that is filled with zeros. */
static size_t least_digits(bool has_sign, const struct lf_verb *verb)
{
	int least = verb->precision;

	if (least < 0 && verb->zero && !verb->minus && verb->width > 0)
		least = verb->width - has_sign;
	return least < 0 ? 1 : least > DIGITS_MAX ? DIGITS_MAX : (size_t)least;
}

static bool print_number(struct lf_buf *out, uint64_t u, bool negative, unsigned base,
			 const struct lf_verb *verb)
{
	const char *letters = verb->verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char digits[64];
	size_t at = sizeof(digits);
	lf_auto_buf text = {0};
	const char *sign = sign_of(negative, verb);
	size_t least = least_digits(*sign != 0, verb);
	struct lf_verb blanks = *verb; /* the zeros are among the digits */

	blanks.zero = false;
	if (verb->precision == 0 && u == 0) {
		lf_print_padded(out, LF_STR(""), &blanks);
		return true;
	}
	do {
		digits[--at] = letters[u % base];
		u /= base;
	} while (u);
	size_t n = sizeof(digits) - at;
	lf_buf_puts(&text, sign);
	lf_buf_puts(&text, integer_prefix(verb, base, least > n || digits[at] == '0'));
	lf_buf_fill(&text, '0', least > n ? least - n : 0);
	lf_buf_add(&text, digits + at, n);
	lf_print_padded(out, lf_buf_view(&text), &blanks);
	return true;
}

bool lf_print_integer(struct lf_buf *out, uint64_t u, bool negative, bool is_signed,
		      const struct lf_verb *verb)
{
	struct lf_verb hex = *verb;

	switch (verb->verb) {
	case 'v':
		if (!verb->sharp_v || is_signed)
			return print_number(out, u, negative, 10, verb);
		hex.sharp = true;
		return print_number(out, u, negative, 16, &hex);
	case 'd':
		return print_number(out, u, negative, 10, verb);
	case 'b':
		return print_number(out, u, negative, 2, verb);
	case 'o':
	case 'O':
		return print_number(out, u, negative, 8, verb);
	case 'x':
	case 'X':
		return print_number(out, u, negative, 16, verb);
	case 'c':
	case 'q':
		return print_rune(out, negative ? UINT64_MAX : u, verb);
	case 'U':
		return print_code_point(out, negative ? -u : u, verb);
	default:
		return false;
	}
}

/* ---- floats ---- */

/* "d.ddde+XX" with the fewest digits that read as the same number; how many stand behind the dot.
 */
static int shortest(double f, char out[64])
{
	for (int precision = 0; precision < 17; precision++) {
		snprintf(out, 64, "%.*e", precision, f);
		double back = strtod(out, NULL);
		if (!(back < f) && !(back > f))
			return precision;
	}
	return 17;
}

/* As %g, with as many digits as it takes. */
static void print_general(struct lf_buf *out, double f, bool upper)
{
	char text[64];
	int precision = shortest(f, text);
	long exponent = strtol(strchr(text, 'e') + 1, NULL, 10);

	if (exponent < -4 || exponent >= 6) {
		for (char *p = text; upper && *p; p++)
			*p = *p == 'e' ? 'E' : *p;
		lf_buf_puts(out, text);
		return;
	}
	lf_buf_printf(out, "%.*f", exponent >= precision ? 0 : precision - (int)exponent, f);
}

static void print_precise(struct lf_buf *out, double f, char verb, int precision)
{
	char text[1024];
	int limited = precision < 0 ? 6 : precision > 500 ? 500 : precision;

	if (verb == 'e')
		snprintf(text, sizeof(text), "%.*e", limited, f);
	else if (verb == 'E')
		snprintf(text, sizeof(text), "%.*E", limited, f);
	else if (verb == 'g')
		snprintf(text, sizeof(text), "%.*g", limited, f);
	else if (verb == 'G')
		snprintf(text, sizeof(text), "%.*G", limited, f);
	else
		snprintf(text, sizeof(text), "%.*f", limited, f);
	lf_buf_puts(out, text);
}

bool lf_print_float(struct lf_buf *out, double f, const struct lf_verb *verb)
{
	bool general = lf_verb_is(verb, "vgG");
	const char *sign = sign_of(f < 0, verb);
	double size = f < 0 ? -f : f;
	lf_auto_buf digits = {0}, text = {0};

	if (!general && !lf_verb_is(verb, "eEfF"))
		return false;
	if (general && verb->precision < 0)
		print_general(&digits, size, verb->verb == 'G');
	else
		print_precise(&digits, size, verb->verb == 'v' ? 'g' : (char)verb->verb,
			      verb->precision);
	size_t n = digits.n + strlen(sign);
	size_t width = verb->width > 0 && verb->width < DIGITS_MAX ? (size_t)verb->width : 0;
	lf_buf_puts(&text, sign);
	lf_buf_fill(&text, '0', verb->zero && !verb->minus && width > n ? width - n : 0);
	lf_buf_str(&text, lf_buf_view(&digits));
	lf_print_padded(out, lf_buf_view(&text), verb);
	return true;
}

/* ---- strings ---- */

static struct lf_str cut_runes(struct lf_str s, int n)
{
	struct lf_str rest = s;
	uint32_t c;

	if (n < 0)
		return s;
	for (; rest.n && n; n--)
		(void)lf_utf8_next(&rest, &c);
	return (struct lf_str){s.p, s.n - rest.n};
}

/* Bytes as hex; "#" puts 0x in front, a blank between. */
static void print_hex(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb)
{
	const char *letters = verb->verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = !verb->sharp ? "" : verb->verb == 'X' ? "0X" : "0x";
	lf_auto_buf text = {0};

	if (verb->precision >= 0)
		s = lf_str_sub(s, 0, (size_t)verb->precision);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (verb->space && i)
			lf_buf_putc(&text, ' ');
		lf_buf_puts(&text, !i || verb->space ? prefix : "");
		lf_buf_putc(&text, letters[c >> 4]);
		lf_buf_putc(&text, letters[c & 15]);
	}
	lf_print_padded(out, lf_buf_view(&text), verb);
}

static bool can_backquote(struct lf_str s)
{
	uint32_t c;

	while (s.n) {
		if (!lf_utf8_next(&s, &c) || c == 0xfeff || (c < ' ' && c != '\t') || c == '`' ||
		    c == 0x7f)
			return false;
	}
	return true;
}

static void print_quoted(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb)
{
	lf_auto_buf text = {0};

	s = cut_runes(s, verb->precision);
	if (verb->sharp && can_backquote(s))
		lf_buf_printf(&text, "`" LF_STR_FMT "`", LF_STR_ARG(s));
	else if (verb->plus)
		lf_quote_ascii(&text, s);
	else
		lf_quote(&text, s);
	lf_print_padded(out, lf_buf_view(&text), verb);
}

bool lf_print_string(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb)
{
	if (verb->verb == 'q' || (verb->verb == 'v' && verb->sharp_v))
		print_quoted(out, s, verb);
	else if (verb->verb == 'x' || verb->verb == 'X')
		print_hex(out, s, verb);
	else if (verb->verb == 's' || verb->verb == 'v')
		lf_print_padded(out, cut_runes(s, verb->precision), verb);
	else
		return false;
	return true;
}

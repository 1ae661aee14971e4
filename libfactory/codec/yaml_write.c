/*
 * YAML in Go's hand: the layout of the yaml.v3 encoder with an indent of 2 or 4. A collection
 * inside a sequence item stands two columns further in, any other one at the next multiple of the
 * indent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <assert.h>
#include <ctype.h>

#include "codec/utf8.h"
#include "codec/yaml.h"
#include "codec/yaml_style.h"

#include "base/banned.h"

#define LONGEST_KEY 128 /* longer ones are written with "? " */

/* Column of something nested in what is open. */
static unsigned inner_column(const struct lf_yaml_out *y)
{
	unsigned outer;

	if (!y->depth)
		return y->after_key ? y->indent : 0;
	outer = y->column[y->depth - 1];
	return y->after_dash ? outer + 2 : (outer / y->indent + 1) * y->indent;
}

static void begin(struct lf_yaml_out *y)
{
	unsigned column = inner_column(y);

	assert(y->depth < LF_YAML_OUT_DEPTH);
	if (y->after_key)
		lf_buf_putc(y->out, '\n');
	y->after_key = false;
	y->column[y->depth++] = column;
}

static void end(struct lf_yaml_out *y)
{
	assert(y->depth);
	y->depth--;
	y->after_dash = false;
}

/* Goes to where a key or a dash stands. */
static void start_entry(struct lf_yaml_out *y)
{
	if (!y->after_dash)
		lf_buf_fill(y->out, ' ', y->column[y->depth - 1]);
	y->after_dash = false;
}

static void start_value(struct lf_yaml_out *y)
{
	if (y->after_key)
		lf_buf_putc(y->out, ' ');
	y->after_key = y->after_dash = false;
}

static void single_quoted(struct lf_buf *out, struct lf_str s)
{
	lf_buf_putc(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			lf_buf_putc(out, '\'');
		lf_buf_putc(out, s.p[i]);
	}
	lf_buf_putc(out, '\'');
}

static void escape(struct lf_buf *out, uint32_t c)
{
	static const char letters[] = "0\0\0\0\0\0\0abtnvfr";

	if (c == '"' || c == '\\')
		lf_buf_printf(out, "\\%c", (char)c);
	else if (c < sizeof(letters) - 1 && letters[c])
		lf_buf_printf(out, "\\%c", letters[c]);
	else if (c == 0x1b)
		lf_buf_puts(out, "\\e");
	else if (c == 0x85)
		lf_buf_puts(out, "\\N");
	else if (c == 0x2028 || c == 0x2029)
		lf_buf_puts(out, c == 0x2028 ? "\\L" : "\\P");
	else if (c <= 0xff)
		lf_buf_printf(out, "\\x%02X", c);
	else if (c <= 0xffff)
		lf_buf_printf(out, "\\u%04X", c);
	else
		lf_buf_printf(out, "\\U%08X", c);
}

static void double_quoted(struct lf_buf *out, struct lf_str s)
{
	lf_buf_putc(out, '"');
	while (s.n) {
		const char *start = s.p;
		uint32_t c = 0xfffd;
		bool valid = lf_utf8_next(&s, &c);

		if (!valid)
			lf_buf_puts(out, "\xef\xbf\xbd");
		else if (!lf_yaml_is_printable(c) || c == '"' || c == '\\' || c == '\n' ||
			 c == 0x2028 || c == 0x2029)
			escape(out, c);
		else
			lf_buf_add(out, start, (size_t)(s.p - start));
	}
	lf_buf_putc(out, '"');
}

static const char *chomping(struct lf_str s)
{
	if (s.p[s.n - 1] != '\n')
		return "-";
	return s.n == 1 || s.p[s.n - 2] == '\n' ? "+" : "";
}

static void literal(struct lf_yaml_out *y, struct lf_str s, unsigned column)
{
	struct lf_str line;

	lf_buf_putc(y->out, '|');
	if (s.p[0] == ' ' || s.p[0] == '\n')
		lf_buf_printf(y->out, "%u", y->indent);
	lf_buf_puts(y->out, chomping(s));
	while (lf_str_line(&s, &line)) {
		lf_buf_putc(y->out, '\n');
		if (line.n)
			lf_buf_fill(y->out, ' ', column);
		lf_buf_str(y->out, line);
	}
}

static void scalar(struct lf_yaml_out *y, struct lf_str s, bool key, unsigned column)
{
	switch (lf_yaml_style(s, key)) {
	case LF_YAML_PLAIN:
		lf_buf_str(y->out, s);
		break;
	case LF_YAML_SINGLE:
		single_quoted(y->out, s);
		break;
	case LF_YAML_DOUBLE:
		double_quoted(y->out, s);
		break;
	case LF_YAML_LITERAL:
		literal(y, s, column);
		break;
	}
}

void lf_yaml_key(struct lf_yaml_out *y, const char *key)
{
	struct lf_str text = lf_str(key);

	start_entry(y);
	if (text.n > LONGEST_KEY)
		lf_buf_puts(y->out, "? ");
	scalar(y, text, true, 0);
	if (text.n > LONGEST_KEY) {
		lf_buf_putc(y->out, '\n');
		lf_buf_fill(y->out, ' ', y->column[y->depth - 1]);
	}
	lf_buf_putc(y->out, ':');
	y->after_key = true;
}

void lf_yaml_str(struct lf_yaml_out *y, const char *s)
{
	unsigned column = inner_column(y);

	start_value(y);
	scalar(y, lf_str(s), false, column);
	lf_buf_putc(y->out, '\n');
}

void lf_yaml_raw(struct lf_yaml_out *y, const char *s)
{
	start_value(y);
	lf_buf_puts(y->out, s);
	lf_buf_putc(y->out, '\n');
}

void lf_yaml_map_begin(struct lf_yaml_out *y)
{
	begin(y);
}

void lf_yaml_map_end(struct lf_yaml_out *y)
{
	end(y);
}

void lf_yaml_seq_begin(struct lf_yaml_out *y)
{
	begin(y);
}

void lf_yaml_seq_item(struct lf_yaml_out *y)
{
	start_entry(y);
	lf_buf_puts(y->out, "- ");
	y->after_dash = true;
}

void lf_yaml_seq_end(struct lf_yaml_out *y)
{
	end(y);
}

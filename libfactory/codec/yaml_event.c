/*
 * The wrapper around libfyaml 0.7.12, with what has to be done about its faults.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_event.h"

#include "codec/yaml_text.h"

#include "base/banned.h"

/* Errors are collected: printing them, to wherever, can crash libfyaml 0.7.12 on malformed text. */
static bool start(struct lf_yaml_events *in)
{
	struct fy_diag_cfg quiet;
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_DISABLE_MMAP_OPT | FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_JSON_NONE,
	};

	fy_diag_cfg_default(&quiet);
	quiet.fp = NULL;
	quiet.level = FYET_ERROR;
	in->diag = cfg.diag = fy_diag_create(&quiet);
	if (!in->diag)
		return false;
	fy_diag_set_collect_errors(in->diag, true);
	in->parser = fy_parser_create(&cfg);
	return in->parser && fy_parser_set_string(in->parser, in->input.p, in->input.n) == 0;
}

bool lf_yaml_events_open(struct lf_yaml_events *in, struct lf_err *err)
{
	if (start(in))
		return true;
	lf_yaml_events_fini(in);
	return lf_fail_new(err, LF_E_BUG, "%s: cannot start the YAML parser", in->file);
}

void lf_yaml_events_fini(struct lf_yaml_events *in)
{
	if (in->parser)
		fy_parser_destroy(in->parser);
	if (in->diag) /* destroy, not unref: only it frees what was collected */
		fy_diag_destroy(in->diag);
	in->parser = NULL;
	in->diag = NULL;
}

static bool fail_syntax(const struct lf_yaml_events *in, struct lf_err *err)
{
	void *iter = NULL;
	const struct fy_diag_error *first = fy_diag_errors_iterate(in->diag, &iter);

	if (!first || !first->msg || first->line < 1 || first->column < 0)
		return lf_fail_new(err, LF_E_CONFIG, "%s: malformed YAML", in->file);
	return lf_fail_new(err, LF_E_CONFIG, "%s:%d:%d: %s", in->file, first->line, first->column,
			   first->msg);
}

struct fy_event *lf_yaml_event_next(struct lf_yaml_events *in, struct lf_err *err)
{
	struct fy_event *e = fy_parser_parse(in->parser);

	if (!e)
		fail_syntax(in, err);
	return e;
}

void lf_yaml_event_free(struct lf_yaml_events *in, struct fy_event *e)
{
	fy_parser_event_free(in->parser, e);
}

struct lf_yaml_at lf_yaml_event_at(struct fy_event *e, struct lf_yaml_at otherwise)
{
	const struct fy_mark *m = fy_event_start_mark(e);
	enum fy_scalar_style style = FYSS_PLAIN;

	if (!m)
		return otherwise;
	if (e->type == FYET_SCALAR && fy_event_get_token(e))
		style = fy_token_scalar_style(fy_event_get_token(e));
	/* The mark of quoted text stands behind the quote. */
	if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && m->column > 0)
		return (struct lf_yaml_at){(unsigned)m->line + 1, (unsigned)m->column};
	return (struct lf_yaml_at){(unsigned)m->line + 1, (unsigned)m->column + 1};
}

bool lf_yaml_event_span(const struct lf_yaml_events *in, struct fy_event *e, size_t *ret_from,
			size_t *ret_to)
{
	const struct fy_mark *start = fy_event_start_mark(e), *end = fy_event_end_mark(e);
	struct fy_token *t = e->type == FYET_SCALAR ? fy_event_get_token(e) : NULL;
	enum fy_scalar_style style = t ? fy_token_scalar_style(t) : FYSS_PLAIN;
	size_t quote = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;

	if (!start || !end || start->input_pos > end->input_pos || start->input_pos < quote ||
	    end->input_pos + quote > in->input.n || (e->type == FYET_SCALAR && !t))
		return false;
	*ret_from = start->input_pos - quote;
	*ret_to = end->input_pos + quote;
	return true;
}

static bool is_block(struct fy_event *e)
{
	struct fy_token *t = e->type == FYET_SCALAR ? fy_event_get_token(e) : NULL;
	enum fy_scalar_style style = t ? fy_token_scalar_style(t) : FYSS_PLAIN;

	return style == FYSS_LITERAL || style == FYSS_FOLDED;
}

static struct lf_str token_text(struct fy_token *t)
{
	size_t n = 0;
	const char *p = t ? fy_token_get_text(t, &n) : NULL;

	return p ? (struct lf_str){p, n} : LF_STR("");
}

const char *lf_yaml_event_tag(struct lf_yaml_events *in, struct fy_event *e)
{
	static const char core[] = "tag:yaml.org,2002:";
	struct fy_token *t = fy_event_get_tag_token(e);
	struct lf_str full = token_text(t);

	if (!t || !full.n || lf_str_is(full, "!"))
		return NULL;
	if (lf_str_skip(&full, core))
		return lf_arena_printf(in->arena, "!!" LF_STR_FMT, LF_STR_ARG(full));
	return lf_arena_str(in->arena, full);
}

const char *lf_yaml_event_anchor(struct lf_yaml_events *in, struct fy_event *e)
{
	struct fy_token *t = fy_event_get_anchor_token(e);

	return t ? lf_arena_str(in->arena, token_text(t)) : NULL;
}

/* The text between the quotes as it stands in the file; false when the marks make no sense. */
static bool raw_text(const struct lf_yaml_events *in, struct fy_token *t, struct lf_str *ret)
{
	const struct fy_mark *from = fy_token_start_mark(t), *to = fy_token_end_mark(t);

	if (!from || !to || !from->input_pos || from->input_pos > to->input_pos ||
	    to->input_pos >= in->input.n || in->input.p[from->input_pos - 1] != '\'' ||
	    in->input.p[to->input_pos] != '\'')
		return false;
	*ret = lf_str_sub(in->input, from->input_pos, to->input_pos);
	return true;
}

/* libfyaml ends a block with a newline, also where the last line of the file is a line of it and
 * has none. */
static bool ends_without_line_end(const struct lf_yaml_events *in, struct fy_event *e,
				  struct lf_str text)
{
	size_t from, to, blanks = 0, column = lf_yaml_event_block_column(in, e);
	struct lf_str last = in->input;

	if (!column || !lf_str_ends(text, "\n") || lf_str_ends(last, "\n") ||
	    lf_str_ends(last, "\r") || !lf_yaml_event_span(in, e, &from, &to) || to < last.n)
		return false;
	while (last.n && last.p[last.n - 1] != '\n')
		last.n--;
	last = lf_str_sub(in->input, last.n, in->input.n);
	while (blanks < last.n && last.p[blanks] == ' ')
		blanks++;
	return last.n >= column && blanks + 1 >= column;
}

/* libfyaml 0.7.12 loses text behind two doubled quotes in a row, so single-quoted text is decoded
 * here. */
struct lf_str lf_yaml_event_text(struct lf_yaml_events *in, struct fy_event *e)
{
	struct fy_token *t = fy_event_get_token(e);
	struct lf_str text;

	if (t && fy_token_scalar_style(t) == FYSS_SINGLE_QUOTED && raw_text(in, t, &text))
		return lf_yaml_unquote(text, in->arena);
	text = token_text(t);
	if (ends_without_line_end(in, e, text))
		text.n--;
	return (struct lf_str){lf_arena_str(in->arena, text), text.n};
}

bool lf_yaml_event_is_quoted(struct fy_event *e)
{
	struct fy_token *t = fy_event_get_token(e);

	return t && fy_token_scalar_style(t) != FYSS_PLAIN;
}

struct lf_str lf_yaml_event_alias(struct fy_event *e)
{
	return token_text(fy_event_get_token(e));
}

unsigned lf_yaml_event_block_column(const struct lf_yaml_events *in, struct fy_event *e)
{
	struct fy_token *t = is_block(e) ? fy_event_get_token(e) : NULL;
	const struct fy_mark *from = t ? fy_token_start_mark(t) : NULL;
	struct lf_str rest, line;

	if (!from || !lf_str_trim(token_text(t)).n || from->input_pos > in->input.n)
		return 0;
	rest = lf_str_sub(in->input, from->input_pos, in->input.n);
	while (lf_str_line(&rest, &line)) {
		unsigned n = 0;

		while (n < line.n && line.p[n] == ' ')
			n++;
		if (lf_str_trim(line).n)
			return n + 1;
	}
	return 0;
}

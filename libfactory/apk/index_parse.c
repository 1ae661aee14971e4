/*
 * APKINDEX text to package records. In: the text; out: records whose texts lie in one copy of it,
 * cut up in place, so that an index of 100,000 packages costs one copy and the records.
 * docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/index_fields.h"

#include "base/banned.h"

#define MAX_LINE (1 << 20)

struct parser {
	struct lf_arena *arena;
	struct lf_index *index;
	struct lf_pkg pkg;
	const struct lf_index_fields *more; /* or NULL */
	unsigned long line;                 /* of those that are not blank */
};

static const struct lf_pkg empty_pkg = {
	.name = "",
	.version = "",
	.arch = "",
	.description = "",
	.url = "",
	.license = "",
	.origin = "",
	.maintainer = "",
	.commit = "",
	.datahash = "",
};

static bool bad_line(struct parser *p, struct lf_err *err, const char *why)
{
	return lf_fail_new(err, LF_E_FORMAT, "cannot parse line %lu: %s", p->line, why);
}

/* Go's words for a text that is no number: what is one otherwise is too large. */
static bool bad_number(struct lf_err *err, const char *what, const char *fn, struct lf_str s)
{
	struct lf_str digits = s;
	bool large;

	if (!strcmp(fn, "ParseInt") && !lf_str_skip(&digits, "-"))
		(void)lf_str_skip(&digits, "+");
	large = digits.n > 0;
	for (size_t i = 0; i < digits.n; i++)
		large = large && digits.p[i] >= '0' && digits.p[i] <= '9';
	return lf_fail_new(
		err, LF_E_FORMAT,
		"cannot parse %s " LF_STR_FMT ": strconv.%s: parsing \"" LF_STR_FMT "\": %s", what,
		LF_STR_ARG(s), fn, LF_STR_ARG(s), large ? "value out of range" : "invalid syntax");
}

static bool unsigned_field(const char *what, struct lf_str s, uint64_t *ret, struct lf_err *err)
{
	return lf_str_u64(s, 10, ret) || bad_number(err, what, "ParseUint", s);
}

static bool signed_field(const char *what, struct lf_str s, int64_t *ret, struct lf_err *err)
{
	return lf_str_i64(s, ret) || bad_number(err, what, "ParseInt", s);
}

/* compat: two spaces in a row give an empty item. */
void lf_index_list(struct lf_arena *arena, char *text, size_t n, struct lf_strv *ret)
{
	size_t items = 1;

	*ret = (struct lf_strv){0};
	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		items += text[i] == ' ';
	ret->v = lf_new_n(arena, const char *, items);
	ret->cap = items;
	ret->v[ret->n++] = text;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == ' ') {
			text[i] = '\0';
			ret->v[ret->n++] = text + i + 1;
		}
	}
}

static bool is_base64(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/';
}

/* Where Go's decoder gives up on a text that is not base64. */
static size_t bad_base64_at(struct lf_str s)
{
	size_t n = 0, in_group;

	while (n < s.n && is_base64(s.p[n]))
		n++;
	in_group = n % 4;
	if (n == s.n)
		return n - in_group;
	if (s.p[n] != '=' || in_group < 2)
		return n;
	if (in_group == 2 && (n + 1 == s.n || s.p[n + 1] != '='))
		return n + 1 == s.n ? s.n : n;
	return n + (in_group == 2 ? 2 : 1);
}

/* compat: any form but "Q1..." leaves the package without a checksum, which then matches no file.
 */
static bool checksum_field(struct parser *p, struct lf_str s, struct lf_err *err)
{
	uint8_t bytes[3 * LF_SHA1_LEN];
	size_t n;

	if (!lf_str_skip(&s, "Q1"))
		return true;
	if (!lf_unbase64(s, bytes, sizeof(bytes), &n))
		return lf_fail_new(err, LF_E_FORMAT, "illegal base64 data at input byte %zu",
				   bad_base64_at(s));
	p->pkg.has_checksum = n == LF_SHA1_LEN;
	if (p->pkg.has_checksum)
		memcpy(p->pkg.checksum, bytes, LF_SHA1_LEN);
	return true;
}

static const char **text_field(struct lf_pkg *pkg, char letter)
{
	switch (letter) {
	case 'P':
		return &pkg->name;
	case 'V':
		return &pkg->version;
	case 'A':
		return &pkg->arch;
	case 'T':
		return &pkg->description;
	case 'U':
		return &pkg->url;
	case 'L':
		return &pkg->license;
	case 'o':
		return &pkg->origin;
	case 'm':
		return &pkg->maintainer;
	case 'c':
		return &pkg->commit;
	default:
		return NULL;
	}
}

/* value is NUL-terminated and may be cut up. Unknown letters are ignored. */
static bool read_field(struct parser *p, char letter, char *value, size_t n, struct lf_err *err)
{
	struct lf_str s = {value, n};
	const char **text = text_field(&p->pkg, letter);

	if (text) {
		*text = value;
		return true;
	}
	switch (letter) {
	case 'C':
		return checksum_field(p, s, err);
	case 'S':
		return unsigned_field("size field", s, &p->pkg.size, err);
	case 'I':
		return unsigned_field("installed size field", s, &p->pkg.installed_size, err);
	case 'k':
		return unsigned_field("provider priority field", s, &p->pkg.provider_priority, err);
	case 't':
		return signed_field("build time", s, &p->pkg.build_time, err);
	case 'D':
		lf_index_list(p->arena, value, n, &p->pkg.depends);
		return true;
	case 'p':
		lf_index_list(p->arena, value, n, &p->pkg.provides);
		return true;
	case 'i':
		lf_index_list(p->arena, value, n, &p->pkg.install_if);
		return true;
	default:
		return !p->more || p->more->field(p->more->data, &p->pkg, letter, value, n, err);
	}
}

static void end_record(struct parser *p)
{
	if (*p->pkg.name)
		lf_index_add(p->index, &p->pkg);
	if (p->more)
		p->more->end(p->more->data, *p->pkg.name != '\0');
	p->pkg = empty_pkg;
}

static bool read_line(struct parser *p, char *line, size_t n, struct lf_err *err)
{
	if (n && line[n - 1] == '\r')
		line[--n] = '\0';
	if (!n) {
		end_record(p);
		return true;
	}
	p->line++;
	if (n >= MAX_LINE)
		return lf_fail_new(err, LF_E_LIMIT, "bufio.Scanner: token too long");
	if (n < 2)
		return lf_fail_new(err, LF_E_FORMAT,
				   "cannot parse line %lu: expected len >= 2, saw \"%s\"", p->line,
				   line);
	if (line[1] != ':')
		return bad_line(p, err, "expected \":\" not found");
	return read_field(p, line[0], line + 2, n - 2, err);
}

static bool read_lines(struct parser *p, char *text, size_t n, struct lf_err *err)
{
	char *end = text + n, *nl;

	for (; text < end; text = nl + 1) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			nl = end;
		*nl = '\0';
		if (!read_line(p, text, (size_t)(nl - text), err))
			return false;
	}
	/* compat: a record that no blank line ends is lost */
	return true;
}

bool lf_index_parse_fields(struct lf_str text, const struct lf_index_fields *more,
			   struct lf_arena *arena, struct lf_index *ret, struct lf_err *err)
{
	struct lf_index index = {.description = ""};
	struct parser p = {.arena = arena, .index = &index, .pkg = empty_pkg, .more = more};

	if (text.n && memchr(text.p, '\0', text.n))
		return lf_fail_new(err, LF_E_FORMAT, "index text holds a NUL byte");
	if (!read_lines(&p, lf_arena_str(arena, text), text.n, err)) {
		lf_index_fini(&index);
		return false;
	}
	*ret = index;
	return true;
}

bool lf_index_parse(struct lf_str text, struct lf_arena *arena, struct lf_index *ret,
		    struct lf_err *err)
{
	return lf_index_parse_fields(text, NULL, arena, ret, err);
}

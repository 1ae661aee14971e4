/*
 * SPDX license expressions, checked by recursive descent over their words. In: the text of a
 * `license:`; out: whether it may stand in a document as it is. docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/license.h"

#include "trust/digest.h"

#include "base/banned.h"

#define MAX_DEPTH 64

struct scanner {
	struct lf_str rest;
	unsigned depth;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_id_char(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.';
}

/* ---- the lists ---- */

static int compare_id(struct lf_str s, const char *id)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char a = (unsigned char)lower(s.p[i]), b = (unsigned char)lower(id[i]);

		if (a != b)
			return a < b ? -1 : 1;
	}
	return id[s.n] ? -1 : 0;
}

static bool is_listed(struct lf_str s, const char *const *list, size_t n)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int c = compare_id(s, list[middle]);

		if (c == 0)
			return true;
		if (c < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

static bool is_license(struct lf_str s)
{
	return is_listed(s, lf_license_ids, lf_n_license_ids);
}

/* "X-only" and "X-or-later" may stand for an X of the list. */
static bool is_license_form(struct lf_str s)
{
	if (is_license(s))
		return true;
	if (lf_str_ends(s, "-only"))
		return is_license(lf_str_sub(s, 0, s.n - 5));
	return lf_str_ends(s, "-or-later") && is_license(lf_str_sub(s, 0, s.n - 9));
}

/* ---- the grammar ---- */

static void skip_blanks(struct scanner *s)
{
	while (lf_str_skip(&s->rest, " "))
		;
}

static struct lf_str take_id(struct scanner *s)
{
	size_t n = 0;

	while (n < s->rest.n && is_id_char(s->rest.p[n]))
		n++;
	struct lf_str id = lf_str_sub(s->rest, 0, n);

	s->rest = lf_str_sub(s->rest, n, s->rest.n);
	return id;
}

/* A whole word, not the beginning of one. */
static bool take_word(struct scanner *s, const char *word)
{
	struct scanner at = *s;

	skip_blanks(&at);
	if (!lf_str_is(take_id(&at), word))
		return false;
	*s = at;
	return true;
}

static bool take_ref(struct lf_str id, const char *prefix)
{
	return lf_str_skip(&id, prefix) && id.n;
}

static bool take_license(struct scanner *s)
{
	struct lf_str id = take_id(s);

	if (take_ref(id, "LicenseRef-"))
		return true;
	if (take_ref(id, "DocumentRef-"))
		return lf_str_skip(&s->rest, ":") && take_ref(take_id(s), "LicenseRef-");
	if (!id.n || !is_license_form(id))
		return false;
	(void)lf_str_skip(&s->rest, "+");
	if (!take_word(s, "WITH"))
		return true;
	skip_blanks(s);
	return is_listed(take_id(s), lf_license_exception_ids, lf_n_license_exception_ids);
}

static bool take_expression(struct scanner *s);

static bool take_operand(struct scanner *s)
{
	skip_blanks(s);
	if (!lf_str_skip(&s->rest, "("))
		return take_license(s);
	if (++s->depth > MAX_DEPTH || !take_expression(s))
		return false;
	s->depth--;
	skip_blanks(s);
	return lf_str_skip(&s->rest, ")");
}

/* AND binds closer than OR, which does not matter for validity. */
static bool take_expression(struct scanner *s)
{
	do {
		if (!take_operand(s))
			return false;
	} while (take_word(s, "AND") || take_word(s, "OR"));
	return true;
}

bool lf_license_is_valid(struct lf_str text)
{
	struct scanner s = {.rest = text};

	if (!take_expression(&s))
		return false;
	skip_blanks(&s);
	return !s.rest.n;
}

const char *lf_license_ref(struct lf_arena *arena, struct lf_str text)
{
	uint8_t sha256[LF_SHA256_LEN];
	char hex[17];
	lf_auto_buf ref = {0};

	for (size_t i = 0; i < text.n; i++) {
		if (is_id_char(text.p[i]))
			lf_buf_putc(&ref, text.p[i]);
		else if (text.p[i] == ' ' || text.p[i] == '_')
			lf_buf_putc(&ref, '-');
	}
	if (!ref.n) {
		lf_hash_mem(LF_SHA256, text.p, text.n, sha256);
		lf_hex(sha256, 8, hex);
		lf_buf_puts(&ref, hex);
	}
	return lf_arena_printf(arena, "LicenseRef-%s", lf_buf_c(&ref));
}

/*
 * Pax records, "LEN KEY=VALUE\n" (docs/formats/tar.md): text of a header in, what it says of the
 * next entry out. Records that are not well-formed fail; unknown keys are kept for the caller.
 * upstream: Go archive/tar, reader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/tar_pax.h"

#include <string.h>

#include "base/banned.h"

#define MIN_RECORD 5 /* "5 k=\n" */

bool lf_tar_bad_header(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "archive/tar: invalid tar header");
}

/* Cuts one record off the front of *text. */
static bool next_record(struct lf_str *text, struct lf_tar_pax *ret)
{
	const ptrdiff_t space = lf_str_find(*text, ' ');
	uint64_t n;

	if (space < 0 || !lf_str_u64(lf_str_sub(*text, 0, (size_t)space), 10, &n))
		return false;
	if (n < MIN_RECORD || n > text->n || n < (size_t)space + 2 || text->p[n - 1] != '\n')
		return false;
	const struct lf_str record = lf_str_sub(*text, (size_t)space + 1, n - 1);
	const ptrdiff_t eq = lf_str_find(record, '=');
	if (eq <= 0)
		return false;
	ret->key = lf_str_sub(record, 0, (size_t)eq);
	ret->value = lf_str_sub(record, (size_t)eq + 1, record.n);
	*text = lf_str_sub(*text, n, text->n);
	return true;
}

static bool read_text(struct lf_str value, struct lf_arena *arena, const char **ret)
{
	if (lf_str_find(value, '\0') >= 0)
		return false;
	*ret = value.n ? lf_arena_str(arena, value) : NULL;
	return true;
}

static bool read_id(struct lf_str value, uint32_t *ret, bool *ret_has)
{
	uint64_t n = 0;

	if (value.n && (!lf_str_u64(value, 10, &n) || n > UINT32_MAX))
		return false;
	*ret = (uint32_t)n;
	*ret_has = value.n > 0;
	return true;
}

static bool read_size(struct lf_str value, struct lf_tar_say *say)
{
	uint64_t n = 0;

	if (value.n && (!lf_str_u64(value, 10, &n) || n > INT64_MAX))
		return false;
	say->size = n;
	say->has_size = value.n > 0;
	return true;
}

/* "SECONDS[.FRACTION]" to the nearest second, halves up. */
static bool read_time(struct lf_str value, struct lf_tar_say *say)
{
	const ptrdiff_t dot = lf_str_find(value, '.');
	const struct lf_str whole = dot < 0 ? value : lf_str_sub(value, 0, (size_t)dot);
	const struct lf_str part =
		dot < 0 ? LF_STR("0") : lf_str_sub(value, (size_t)dot + 1, value.n);
	const bool minus = lf_str_starts(whole, "-");
	int64_t seconds = 0;

	say->has_mtime = value.n > 0;
	if (value.n && !lf_str_i64(whole, &seconds))
		return false;
	bool more = false; /* anything but zeros behind the first digit */
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] < '0' || part.p[i] > '9')
			return false;
		more |= i > 0 && part.p[i] != '0';
	}
	const char first = part.n ? part.p[0] : '0';
	if (minus)
		seconds -= seconds > INT64_MIN && (first > '5' || (first == '5' && more));
	else
		seconds += seconds < INT64_MAX && first >= '5';
	say->mtime = seconds;
	return true;
}

static bool read_other(const struct lf_tar_pax *record, struct lf_arena *arena,
		       struct lf_tar_say *say)
{
	if (lf_str_find(record->key, '\0') >= 0)
		return false;
	for (size_t i = 0; i < say->n_pax; i++) {
		if (lf_str_eq(say->pax[i].key, record->key)) {
			say->pax[i].value = record->value;
			return true;
		}
	}
	if (say->n_pax == LF_TAR_MAX_PAX)
		return false;
	/* Room for 8, 16, 32 ...: grown when the count reaches a power of two. */
	if (say->n_pax == 0 || (say->n_pax >= 8 && !(say->n_pax & (say->n_pax - 1)))) {
		struct lf_tar_pax *v =
			lf_new_n(arena, struct lf_tar_pax, say->n_pax ? 2 * say->n_pax : 8);

		if (say->n_pax)
			memcpy(v, say->pax, say->n_pax * sizeof(*v));
		say->pax = v;
	}
	say->pax[say->n_pax++] = *record;
	return true;
}

static bool read_record(const struct lf_tar_pax *record, struct lf_arena *arena,
			struct lf_tar_say *say)
{
	const struct lf_str key = record->key, value = record->value;

	if (lf_str_is(key, "path"))
		return read_text(value, arena, &say->name);
	if (lf_str_is(key, "linkpath"))
		return read_text(value, arena, &say->linkname);
	if (lf_str_is(key, "uname"))
		return read_text(value, arena, &say->uname);
	if (lf_str_is(key, "gname"))
		return read_text(value, arena, &say->gname);
	if (lf_str_is(key, "uid"))
		return read_id(value, &say->uid, &say->has_uid);
	if (lf_str_is(key, "gid"))
		return read_id(value, &say->gid, &say->has_gid);
	if (lf_str_is(key, "size"))
		return read_size(value, say);
	if (lf_str_is(key, "mtime"))
		return read_time(value, say);
	return read_other(record, arena, say);
}

bool lf_tar_pax_parse(struct lf_str text, struct lf_arena *arena, struct lf_tar_say *say,
		      struct lf_err *err)
{
	struct lf_tar_pax record;

	while (text.n) {
		if (!next_record(&text, &record) || !read_record(&record, arena, say))
			return lf_tar_bad_header(err);
		if (lf_str_starts(record.key, "GNU.sparse."))
			return lf_fail_new(err, LF_E_FORMAT,
					   "archive/tar: sparse files are not supported");
	}
	return true;
}

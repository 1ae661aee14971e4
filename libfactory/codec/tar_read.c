/*
 * Tar read: ustar, pax (x and g), GNU long names and base-256 numbers, v7 and star headers; entry
 * by entry, content streamed. In comes a byte stream, out go entry values whose text lives in the
 * caller's arena. docs/formats/tar.md has the fields and the limits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/mem.h"
#include "codec/tar.h"
#include "codec/tar_format.h"
#include "codec/tar_pax.h"

#include "base/banned.h"

#define MAX_HEADER     (1U << 20)            /* one pax header or long name */
#define MAX_ALL_HEADER (UINT64_C(512) << 20) /* all of them: they stay in the arena */

enum format { V7, USTAR, GNU, STAR };

struct lf_tar_in {
	struct lf_reader *src;
	struct lf_arena *arena;
	uint64_t pos;          /* bytes taken from src */
	uint64_t left, pad;    /* of the current entry */
	uint64_t header_bytes; /* text kept in the arena */
	uint64_t trailing;
	bool end;
	struct lf_tar_say global; /* of 'g' headers */
	uint8_t block[LF_TAR_BLOCK];
};

struct lf_tar_in *lf_tar_in_new(struct lf_reader *src, struct lf_arena *arena)
{
	struct lf_tar_in *t = lf_calloc(1, sizeof(*t));

	t->src = src;
	t->arena = arena;
	return t;
}

void lf_tar_in_free(struct lf_tar_in *t)
{
	lf_free(t);
}

uint64_t lf_tar_trailing(const struct lf_tar_in *t)
{
	return t->trailing;
}

/* ---- bytes ---- */

/* Up to n bytes, fewer only at the end of src. */
static bool fill(struct lf_tar_in *t, void *p, size_t n, size_t *ret, struct lf_err *err)
{
	size_t got = 0;

	while (got < n) {
		const ssize_t k = lf_read(t->src, (uint8_t *)p + got, n - got, err);

		if (k < 0)
			return false;
		if (k == 0)
			break;
		got += (size_t)k;
		t->pos += (size_t)k;
	}
	*ret = got;
	return true;
}

static bool cut_short(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "unexpected EOF");
}

static bool skip_content(struct lf_tar_in *t, struct lf_err *err)
{
	uint8_t trash[16384];

	if (t->src->skip) {
		const uint64_t passed = t->src->skip(t->src, t->left);

		t->left -= passed;
		t->pos += passed;
	}
	while (t->left) {
		if (lf_tar_read(t, trash, sizeof(trash), err) < 0)
			return false;
	}
	/* compat: padding cut off at the end of the stream is not an error, as with Go */
	size_t got;
	if (!fill(t, trash, (size_t)t->pad, &got, err))
		return false;
	t->end |= got < t->pad;
	t->pad = 0;
	return true;
}

ssize_t lf_tar_read(struct lf_tar_in *t, void *p, size_t n, struct lf_err *err)
{
	if (!t->left || !n)
		return 0;
	const ssize_t k = lf_read(t->src, p, n < t->left ? n : (size_t)t->left, err);
	if (k < 0)
		return -1;
	if (k == 0) {
		cut_short(err);
		return -1;
	}
	t->left -= (size_t)k;
	t->pos += (size_t)k;
	return k;
}

bool lf_tar_read_all(struct lf_tar_in *t, size_t max, struct lf_buf *ret, struct lf_err *err)
{
	if (t->left > max)
		return lf_fail_new(err, LF_E_LIMIT, "size limit exceeded: limit is %zu bytes", max);
	/* The size is only claimed: memory grows with what really comes. */
	char piece[16384];
	ssize_t k;
	while ((k = lf_tar_read(t, piece, sizeof(piece), err)) > 0)
		lf_buf_add(ret, piece, (size_t)k);
	return k == 0;
}

/* ---- the header block ---- */

static bool is_zero(const uint8_t *block)
{
	for (size_t i = 0; i < LF_TAR_BLOCK; i++) {
		if (block[i])
			return false;
	}
	return true;
}

/* A field's text up to its NUL or end. */
static struct lf_str field_text(const uint8_t *block, size_t at, size_t size)
{
	return (struct lf_str){(const char *)block + at, strnlen((const char *)block + at, size)};
}

/* GNU base-256: a set first bit, then a big-endian two's complement number. */
static bool parse_binary(const uint8_t *field, size_t size, int64_t *ret)
{
	const uint8_t invert = field[0] & 0x40 ? 0xff : 0;
	uint64_t n = 0;

	for (size_t i = 0; i < size; i++) {
		uint8_t byte = field[i] ^ invert;

		if (i == 0)
			byte &= 0x7f;
		if (n >> 56)
			return false;
		n = n << 8 | byte;
	}
	if (n > INT64_MAX)
		return false;
	*ret = invert ? -(int64_t)n - 1 : (int64_t)n;
	return true;
}

static bool parse_number(const uint8_t *block, size_t at, size_t size, int64_t *ret)
{
	const uint8_t *p = block + at, *end = p + size;
	uint64_t n = 0;

	if (*p & 0x80)
		return parse_binary(p, size, ret);
	while (p < end && (*p == ' ' || *p == '\0'))
		p++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\0'))
		end--;
	for (; p < end && *p; p++) {
		if (*p < '0' || *p > '7')
			return false;
		n = n << 3 | (uint64_t)(*p - '0'); /* 12 digits: cannot overflow */
	}
	*ret = (int64_t)n;
	return true;
}

/* Both ways in which tars have summed: bytes as unsigned (right) or as signed. */
static bool has_good_sum(const uint8_t *block)
{
	int64_t sum, as_unsigned = 8 * ' ', as_signed = 8 * ' ';

	if (!parse_number(block, LF_TAR_AT_SUM, 8, &sum))
		return false;
	for (size_t i = 0; i < LF_TAR_BLOCK; i++) {
		if (i >= LF_TAR_AT_SUM && i < LF_TAR_AT_SUM + 8)
			continue;
		as_unsigned += block[i];
		as_signed += (int8_t)block[i];
	}
	return sum == as_unsigned || sum == as_signed;
}

static enum format find_format(const uint8_t *block)
{
	if (!memcmp(block + LF_TAR_AT_MAGIC, "ustar  ", 8))
		return GNU;
	if (memcmp(block + LF_TAR_AT_MAGIC, "ustar", 6))
		return V7;
	return memcmp(block + LF_TAR_AT_STAR, "tar", 4) ? USTAR : STAR;
}

static bool is_header_only(char type)
{
	return type >= '1' && type <= '6';
}

static bool parse_id(const uint8_t *block, size_t at, uint32_t *ret)
{
	int64_t n;

	if (!parse_number(block, at, 8, &n) || n < 0 || n > UINT32_MAX)
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool parse_numbers(const uint8_t *block, struct lf_tar_entry *e)
{
	int64_t mode, size;

	if (!parse_number(block, LF_TAR_AT_MODE, 8, &mode) ||
	    !parse_number(block, LF_TAR_AT_SIZE, 12, &size) || size < 0 ||
	    !parse_number(block, LF_TAR_AT_MTIME, 12, &e->mtime) ||
	    !parse_id(block, LF_TAR_AT_UID, &e->uid) || !parse_id(block, LF_TAR_AT_GID, &e->gid))
		return false;
	if ((e->type == '3' || e->type == '4') && find_format(block) != V7 &&
	    (!parse_id(block, LF_TAR_AT_MAJOR, &e->devmajor) ||
	     !parse_id(block, LF_TAR_AT_MINOR, &e->devminor)))
		return false;
	e->mode = (uint32_t)mode & 07777;
	e->size = (uint64_t)size;
	return true;
}

static const char *read_name(const uint8_t *block, struct lf_arena *arena)
{
	const struct lf_str name = field_text(block, LF_TAR_AT_NAME, LF_TAR_NAME);
	struct lf_str prefix = {"", 0};

	if (find_format(block) == USTAR)
		prefix = field_text(block, LF_TAR_AT_PREFIX, LF_TAR_PREFIX);
	else if (find_format(block) == STAR)
		prefix = field_text(block, LF_TAR_AT_PREFIX, LF_TAR_STAR_PREFIX);
	if (!prefix.n)
		return lf_arena_str(arena, name);
	return lf_arena_printf(arena, LF_STR_FMT "/" LF_STR_FMT, LF_STR_ARG(prefix),
			       LF_STR_ARG(name));
}

/* Text that pax or long names bring counts; the fields otherwise. */
static void merge_text(struct lf_tar_in *t, const struct lf_tar_say *say, struct lf_tar_entry *e)
{
	const bool owners = find_format(t->block) != V7;

	e->name = say->name ? say->name : read_name(t->block, t->arena);
	e->linkname =
		say->linkname
			? say->linkname
			: lf_arena_str(t->arena, field_text(t->block, LF_TAR_AT_LINK, LF_TAR_NAME));
	e->uname = say->uname ? say->uname : "";
	e->gname = say->gname ? say->gname : "";
	if (owners && !say->uname)
		e->uname =
			lf_arena_str(t->arena, field_text(t->block, LF_TAR_AT_UNAME, LF_TAR_OWNER));
	if (owners && !say->gname)
		e->gname =
			lf_arena_str(t->arena, field_text(t->block, LF_TAR_AT_GNAME, LF_TAR_OWNER));
}

static void merge_numbers(const struct lf_tar_say *say, struct lf_tar_entry *e)
{
	if (say->has_uid)
		e->uid = say->uid;
	if (say->has_gid)
		e->gid = say->gid;
	if (say->has_size)
		e->size = say->size;
	if (say->has_mtime)
		e->mtime = say->mtime;
	e->pax = say->pax;
	e->n_pax = say->n_pax;
}

/* '7' (contiguous) and the old NUL are regular files; an old NUL with a final slash is a directory.
 */
static void settle_type(struct lf_tar_entry *e)
{
	if (e->type == '\0')
		e->type = lf_ends(e->name, "/") ? '5' : '0';
	if (e->type == '7')
		e->type = '0';
	if (is_header_only(e->type))
		e->size = 0;
}

/* ---- headers that speak of the next entry ---- */

static bool read_special(struct lf_tar_in *t, uint64_t size, struct lf_str *ret, struct lf_err *err)
{
	t->header_bytes += size;
	if (size > MAX_HEADER || t->header_bytes > MAX_ALL_HEADER)
		return lf_fail_new(err, LF_E_LIMIT, "archive/tar: header field too long");
	char *text = lf_arena_alloc(t->arena, size + 1, 1);
	size_t got;
	if (!fill(t, text, size, &got, err))
		return false;
	if (got < size)
		return cut_short(err);
	t->left = 0;
	t->pad = lf_tar_pad(size);
	*ret = (struct lf_str){text, size};
	return true;
}

/* A pax header starts from what the global ones said and replaces the one before it. */
static bool read_pax(struct lf_tar_in *t, struct lf_str text, struct lf_tar_say *say,
		     struct lf_err *err)
{
	struct lf_tar_say fresh = t->global;
	const struct lf_tar_pax *shared = fresh.pax;

	if (t->global.n_pax) {
		fresh.n_pax = t->global.n_pax;
		fresh.pax = lf_new_n(t->arena, struct lf_tar_pax, LF_TAR_MAX_PAX);
		memcpy(fresh.pax, shared, fresh.n_pax * sizeof(*shared));
		t->header_bytes += LF_TAR_MAX_PAX * sizeof(*shared);
	}
	if (!lf_tar_pax_parse(text, t->arena, &fresh, err))
		return false;
	*say = fresh;
	return true;
}

/* True in *ret_was when the block was such a header. */
static bool take_special(struct lf_tar_in *t, const struct lf_tar_entry *e, struct lf_tar_say *say,
			 struct lf_tar_say *gnu, bool *ret_was, struct lf_err *err)
{
	struct lf_str text;

	*ret_was = e->type == 'x' || e->type == 'g' || e->type == 'L' || e->type == 'K';
	if (!*ret_was)
		return true;
	if (!read_special(t, e->size, &text, err))
		return false;
	if (e->type == 'x')
		return read_pax(t, text, say, err);
	if (e->type == 'g') {
		if (!read_pax(t, text, &t->global, err))
			return false;
		*say = t->global;
		return true;
	}
	const char *name = text.p[0] ? text.p : NULL; /* ends at its NUL */
	if (e->type == 'L')
		gnu->name = name;
	else
		gnu->linkname = name;
	return true;
}

/* Counts the zeros from here on; anything else behind the end is ignored, as all readers do. */
static bool read_trailing(struct lf_tar_in *t, struct lf_err *err)
{
	uint8_t trash[16384];
	size_t got;
	bool zeros = true;

	do {
		if (!fill(t, trash, sizeof(trash), &got, err))
			return false;
		for (size_t i = 0; zeros && i < got; i++) {
			zeros = trash[i] == 0;
			t->trailing += zeros;
		}
	} while (got == sizeof(trash));
	t->end = true;
	return true;
}

/* The next header block; t->end at the end of the archive. */
static bool read_block(struct lf_tar_in *t, struct lf_err *err)
{
	size_t got;

	if (!fill(t, t->block, LF_TAR_BLOCK, &got, err))
		return false;
	if (got == LF_TAR_BLOCK && is_zero(t->block)) {
		t->trailing = LF_TAR_BLOCK;
		if (!fill(t, t->block, LF_TAR_BLOCK, &got, err))
			return false;
		if (got == LF_TAR_BLOCK && is_zero(t->block)) {
			t->trailing += LF_TAR_BLOCK;
			return read_trailing(t, err);
		}
		if (got == LF_TAR_BLOCK)
			return lf_tar_bad_header(err);
	}
	if (got && got < LF_TAR_BLOCK)
		return cut_short(err);
	t->end = got == 0;
	return true;
}

static bool finish_entry(struct lf_tar_in *t, const struct lf_tar_say *say,
			 const struct lf_tar_say *gnu, struct lf_tar_entry *e, struct lf_err *err)
{
	if (e->type == 'S')
		return lf_fail_new(err, LF_E_FORMAT, "archive/tar: sparse files are not supported");
	merge_text(t, say, e);
	merge_numbers(say, e);
	if (gnu->name)
		e->name = gnu->name;
	if (gnu->linkname)
		e->linkname = gnu->linkname;
	settle_type(e);
	e->offset = t->pos;
	t->left = e->size;
	t->pad = lf_tar_pad(e->size);
	return true;
}

bool lf_tar_next(struct lf_tar_in *t, struct lf_tar_entry *ret, bool *ret_more, struct lf_err *err)
{
	struct lf_tar_say say = t->global, gnu = {0};

	for (;;) {
		struct lf_tar_entry e = {0};
		bool special;

		if (!t->end && (!skip_content(t, err) || (!t->end && !read_block(t, err))))
			return false;
		if (t->end) {
			*ret_more = false;
			return true;
		}
		e.type = (char)t->block[LF_TAR_AT_TYPE];
		if (!has_good_sum(t->block) || !parse_numbers(t->block, &e))
			return lf_tar_bad_header(err);
		if (!take_special(t, &e, &say, &gnu, &special, err))
			return false;
		if (special)
			continue;
		if (!finish_entry(t, &say, &gnu, &e, err))
			return false;
		*ret = e;
		*ret_more = true;
		return true;
	}
}

/*
 * Tar headers as Go's archive/tar writes them: ustar while every field fits, otherwise a pax header
 * in front and the main header reduced to ASCII. In comes an entry value, out go whole blocks of
 * 512 bytes; the content is the caller's. The fields and rules: docs/formats/tar.md. upstream: Go
 * archive/tar, writer with the format left open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/tar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "codec/tar_format.h"

#include "base/banned.h"

#define MAX_OCTAL_7  INT64_C(07777777)     /* largest number in an 8-byte field */
#define MAX_OCTAL_11 INT64_C(077777777777) /* in a 12-byte field */
#define MAX_OWN      7                     /* records made from fields */

/* The records of one entry: those made from fields that do not fit, then the caller's. */
struct records {
	struct lf_tar_pax *v;
	size_t n;
	char number[4][24];
	unsigned n_numbers;
};

static bool is_ascii(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80 || !s.p[i])
			return false;
	}
	return true;
}

static bool fits(struct lf_str s, size_t field)
{
	return s.n <= field && is_ascii(s);
}

/* Where the slash is that parts prefix and name; false when no cut satisfies both fields. */
static bool split_name(struct lf_str name, size_t *ret_slash)
{
	size_t end = name.n;

	if (name.n <= LF_TAR_NAME || !is_ascii(name))
		return false;
	if (end > LF_TAR_PREFIX + 1)
		end = LF_TAR_PREFIX + 1;
	else if (name.p[end - 1] == '/')
		end--;
	const ptrdiff_t slash = lf_str_rfind((struct lf_str){name.p, end}, '/');
	if (slash <= 0)
		return false;
	const size_t rest = name.n - (size_t)slash - 1;
	if (!rest || rest > LF_TAR_NAME)
		return false;
	*ret_slash = (size_t)slash;
	return true;
}

static void add_record(struct records *r, const char *key, struct lf_str value)
{
	r->v[r->n++] = (struct lf_tar_pax){lf_str(key), value};
}

static void add_number(struct records *r, const char *key, int64_t value)
{
	char *text = r->number[r->n_numbers++];

	snprintf(text, sizeof(r->number[0]), "%" PRId64, value);
	add_record(r, key, lf_str(text));
}

static bool has_record(const struct records *r, struct lf_str key)
{
	for (size_t i = 0; i < r->n; i++) {
		if (lf_str_eq(r->v[i].key, key))
			return true;
	}
	return false;
}

/* Keys that speak of header fields: those come from the fields only. */
static bool is_field_key(struct lf_str key)
{
	static const char *const keys[] = {"path",  "linkpath", "size",  "uid",   "gid",
					   "uname", "gname",    "mtime", "atime", "ctime"};

	for (size_t i = 0; i < LF_ARRAY_LEN(keys); i++) {
		if (lf_str_is(key, keys[i]))
			return true;
	}
	return lf_str_starts(key, "GNU.sparse.");
}

static bool is_valid_key(struct lf_str key)
{
	return key.n && lf_str_find(key, '=') < 0 && lf_str_find(key, '\0') < 0;
}

static int cmp_record(const void *a, const void *b)
{
	const struct lf_tar_pax *x = a, *y = b;

	return lf_str_cmp(x->key, y->key);
}

/* Fills r; true when the entry needs pax. A long name that the prefix could hold gets its record
 * all the same, since the prefix is not used once another record exists. */
static bool collect_records(struct records *r, const struct lf_tar_entry *e)
{
	const struct lf_str name = lf_str(e->name), link = lf_str(e->linkname);
	const struct lf_str uname = lf_str(e->uname), gname = lf_str(e->gname);
	bool pax = e->n_pax > 0;
	size_t slash;

	if (!fits(name, LF_TAR_NAME)) {
		add_record(r, "path", name);
		pax |= !split_name(name, &slash);
	}
	const size_t n_path = r->n;
	if (!fits(link, LF_TAR_NAME))
		add_record(r, "linkpath", link);
	if (!fits(uname, LF_TAR_OWNER))
		add_record(r, "uname", uname);
	if (!fits(gname, LF_TAR_OWNER))
		add_record(r, "gname", gname);
	if (e->uid > MAX_OCTAL_7)
		add_number(r, "uid", e->uid);
	if (e->gid > MAX_OCTAL_7)
		add_number(r, "gid", e->gid);
	if (e->size > (uint64_t)MAX_OCTAL_11)
		add_number(r, "size", (int64_t)e->size);
	if (e->mtime < 0 || e->mtime > MAX_OCTAL_11)
		add_number(r, "mtime", e->mtime);
	pax |= r->n > n_path;
	for (size_t i = 0; i < e->n_pax; i++) {
		const struct lf_tar_pax *p = &e->pax[i];

		if (is_valid_key(p->key) && !is_field_key(p->key) && !has_record(r, p->key))
			r->v[r->n++] = *p;
	}
	return pax;
}

static unsigned count_digits(size_t n)
{
	unsigned digits = 1;

	while (n >= 10) {
		n /= 10;
		digits++;
	}
	return digits;
}

/* "LEN KEY=VALUE\n", where LEN counts itself. */
static void print_record(struct lf_buf *out, const struct lf_tar_pax *p)
{
	const size_t rest = p->key.n + p->value.n + 3;
	size_t n = rest + count_digits(rest);

	n = rest + count_digits(n);
	lf_buf_printf(out, "%zu ", n);
	lf_buf_str(out, p->key);
	lf_buf_putc(out, '=');
	lf_buf_str(out, p->value);
	lf_buf_putc(out, '\n');
}

/* Cut to the field. compat: a cut that ends in a slash would make old readers see a directory, so
 * the slash goes. */
static void put_text(uint8_t *field, size_t size, struct lf_str s)
{
	memcpy(field, s.p, s.n < size ? s.n : size);
	if (s.n <= size || field[size - 1] != '/')
		return;
	size_t n = size - 1;
	while (n && field[n - 1] == '/')
		n--;
	field[n] = 0;
}

/* Leading zeros, NUL at the end; a number that does not fit is 0 (its record holds it). */
static void put_octal(uint8_t *field, size_t size, int64_t value)
{
	if (value < 0 || (size < 22 && value >> (3 * (size - 1))))
		value = 0;
	field[size - 1] = 0;
	for (size_t i = size - 1; i > 0; i--) {
		field[i - 1] = (uint8_t)('0' + (value & 7));
		value >>= 3;
	}
}

static void finish_block(uint8_t *block)
{
	unsigned sum = 8 * ' ';

	memcpy(block + LF_TAR_AT_MAGIC, "ustar\00000", 8);
	for (size_t i = 0; i < LF_TAR_BLOCK; i++)
		sum += block[i];
	put_octal(block + LF_TAR_AT_SUM, 7, sum);
	block[LF_TAR_AT_SUM + 7] = ' ';
}

static void add_ascii(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x80)
			lf_buf_putc(out, s.p[i]);
	}
}

/* "dir/PaxHeaders.0/base", cleaned, ASCII only, cut to the field. */
static void put_pax_name(uint8_t *block, const char *name)
{
	const char *slash = strrchr(name, '/');
	const size_t dir = slash ? (size_t)(slash - name) + 1 : 0;
	lf_auto_buf path = {0};
	lf_auto_buf ascii = {0};

	lf_buf_add(&path, name, dir);
	lf_buf_printf(&path, "/PaxHeaders.0/%s", name + dir);
	/* Joining drops an empty first part instead of making the path absolute. */
	lf_auto_free char *clean = lf_path_clean(lf_buf_c(&path) + (dir == 0));
	add_ascii(&ascii, lf_str(clean));
	struct lf_str s = lf_str_sub(lf_buf_view(&ascii), 0, LF_TAR_NAME);
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	put_text(block + LF_TAR_AT_NAME, LF_TAR_NAME, s);
}

static void add_pax_header(struct lf_buf *out, const struct lf_tar_entry *e, struct records *r)
{
	lf_auto_buf text = {0};

	if (r->n > 1)
		qsort(r->v, r->n, sizeof(*r->v), cmp_record);
	for (size_t i = 0; i < r->n; i++)
		print_record(&text, &r->v[i]);

	uint8_t block[LF_TAR_BLOCK] = {0};
	put_pax_name(block, e->name);
	put_octal(block + LF_TAR_AT_MODE, 8, 0);
	put_octal(block + LF_TAR_AT_UID, 8, 0);
	put_octal(block + LF_TAR_AT_GID, 8, 0);
	put_octal(block + LF_TAR_AT_SIZE, 12, (int64_t)text.n);
	put_octal(block + LF_TAR_AT_MTIME, 12, 0);
	block[LF_TAR_AT_TYPE] = 'x';
	finish_block(block);
	lf_buf_add(out, block, sizeof(block));
	lf_buf_str(out, lf_buf_view(&text));
	lf_buf_fill(out, 0, lf_tar_pad(text.n));
}

static void put_ascii(uint8_t *field, size_t size, const char *s)
{
	lf_auto_buf ascii = {0};

	add_ascii(&ascii, lf_str(s));
	put_text(field, size, lf_buf_view(&ascii));
}

static void put_name(uint8_t *block, const char *name, bool pax)
{
	const struct lf_str s = lf_str(name);
	size_t slash;

	if (pax || !split_name(s, &slash)) {
		put_ascii(block + LF_TAR_AT_NAME, LF_TAR_NAME, name);
		return;
	}
	put_text(block + LF_TAR_AT_PREFIX, LF_TAR_PREFIX, lf_str_sub(s, 0, slash));
	put_text(block + LF_TAR_AT_NAME, LF_TAR_NAME, lf_str_sub(s, slash + 1, s.n));
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

void lf_tar_header(struct lf_buf *out, const struct lf_tar_entry *e)
{
	struct records r = {.v = lf_calloc(e->n_pax + MAX_OWN, sizeof(*r.v))};
	const bool pax = collect_records(&r, e);

	if (pax && r.n)
		add_pax_header(out, e, &r);
	lf_free(r.v);

	uint8_t block[LF_TAR_BLOCK] = {0};
	put_name(block, e->name, pax);
	put_octal(block + LF_TAR_AT_MODE, 8, e->mode & 07777);
	put_octal(block + LF_TAR_AT_UID, 8, e->uid);
	put_octal(block + LF_TAR_AT_GID, 8, e->gid);
	put_octal(block + LF_TAR_AT_SIZE, 12, e->size > INT64_MAX ? 0 : (int64_t)e->size);
	put_octal(block + LF_TAR_AT_MTIME, 12, e->mtime);
	block[LF_TAR_AT_TYPE] = (uint8_t)(e->type ? e->type : '0');
	put_ascii(block + LF_TAR_AT_LINK, LF_TAR_NAME, or_empty(e->linkname));
	put_ascii(block + LF_TAR_AT_UNAME, LF_TAR_OWNER, or_empty(e->uname));
	put_ascii(block + LF_TAR_AT_GNAME, LF_TAR_OWNER, or_empty(e->gname));
	put_octal(block + LF_TAR_AT_MAJOR, 8, e->devmajor);
	put_octal(block + LF_TAR_AT_MINOR, 8, e->devminor);
	finish_block(block);
	lf_buf_add(out, block, sizeof(block));
}

size_t lf_tar_pad(uint64_t size)
{
	return (size_t)(-size & (LF_TAR_BLOCK - 1));
}

void lf_tar_end(struct lf_buf *out)
{
	lf_buf_fill(out, 0, (size_t)2 * LF_TAR_BLOCK);
}

void lf_tar_file(struct lf_buf *out, const struct lf_tar_entry *e, const void *p)
{
	lf_tar_header(out, e);
	lf_buf_add(out, p, e->size);
	lf_buf_fill(out, 0, lf_tar_pad(e->size));
}

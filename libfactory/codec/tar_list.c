/*
 * Writing and reading lists of tar entries. Numbers are little endian; texts end with NUL; every
 * length that is read is checked, since a list comes from a disk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/tar_list.h"

#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

/* type, 6 numbers of 4 bytes, 3 of 8 */
#define FIXED (1 + 6 * 4 + 3 * 8)

/* The caller made room. */
static void put(struct lf_buf *out, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		out->p[out->n++] = (char)(n >> 8 * i & 0xff);
}

static void put_text(struct lf_buf *out, const char *s)
{
	lf_buf_add(out, s, strlen(s) + 1);
}

void lf_tar_list_add(struct lf_buf *out, const struct lf_tar_entry *e)
{
	lf_buf_reserve(out, FIXED);
	put(out, (uint8_t)e->type, 1);
	put(out, e->mode, 4);
	put(out, e->uid, 4);
	put(out, e->gid, 4);
	put(out, e->devmajor, 4);
	put(out, e->devminor, 4);
	put(out, e->n_pax, 4);
	put(out, (uint64_t)e->mtime, 8);
	put(out, e->size, 8);
	put(out, e->offset, 8);
	put_text(out, e->name);
	put_text(out, e->linkname);
	put_text(out, e->uname);
	put_text(out, e->gname);
	for (size_t i = 0; i < e->n_pax; i++) {
		lf_buf_reserve(out, 2 * 4);
		put(out, e->pax[i].key.n, 4);
		put(out, e->pax[i].value.n, 4);
		lf_buf_str(out, e->pax[i].key);
		lf_buf_str(out, e->pax[i].value);
	}
}

static uint64_t get(struct lf_str *s, unsigned bytes)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < bytes; i++)
		n |= (uint64_t)(uint8_t)s->p[i] << 8 * i;
	s->p += bytes;
	s->n -= bytes;
	return n;
}

/* NULL: it does not end. */
static const char *get_text(struct lf_str *s)
{
	const char *text = s->p, *end = s->n ? memchr(s->p, '\0', s->n) : NULL;

	if (!end)
		return NULL;
	s->n -= (size_t)(end + 1 - s->p);
	s->p = end + 1;
	return text;
}

static void get_numbers(struct lf_str *s, struct lf_tar_entry *e)
{
	*e = (struct lf_tar_entry){.type = (char)get(s, 1)};
	e->mode = (uint32_t)get(s, 4);
	e->uid = (uint32_t)get(s, 4);
	e->gid = (uint32_t)get(s, 4);
	e->devmajor = (uint32_t)get(s, 4);
	e->devminor = (uint32_t)get(s, 4);
	e->n_pax = (size_t)get(s, 4);
	e->mtime = (int64_t)get(s, 8);
	e->size = get(s, 8);
	e->offset = get(s, 8);
}

static bool get_texts(struct lf_str *s, struct lf_tar_entry *e)
{
	return (e->name = get_text(s)) && (e->linkname = get_text(s)) && (e->uname = get_text(s)) &&
	       (e->gname = get_text(s));
}

static bool get_pax(struct lf_tar_list *l, struct lf_tar_pax *ret)
{
	struct lf_str *s = &l->rest;

	if (s->n < 8)
		return false;
	const uint64_t key = get(s, 4), value = get(s, 4);

	if (key + value > s->n)
		return false;
	ret->key = (struct lf_str){s->p, (size_t)key};
	ret->value = (struct lf_str){s->p + key, (size_t)value};
	s->p += key + value;
	s->n -= key + value;
	return true;
}

static bool get_all_pax(struct lf_tar_list *l, struct lf_tar_entry *e)
{
	if (e->n_pax > l->rest.n / 8)
		return false;
	if (e->n_pax > l->cap) {
		l->cap = e->n_pax;
		l->pax = lf_realloc(l->pax, l->cap, sizeof(*l->pax));
	}
	for (size_t i = 0; i < e->n_pax; i++)
		if (!get_pax(l, &l->pax[i]))
			return false;
	e->pax = l->pax;
	return true;
}

bool lf_tar_list_next(struct lf_tar_list *l, struct lf_tar_entry *ret, bool *ret_more,
		      struct lf_err *err)
{
	*ret_more = l->rest.n > 0;
	if (!*ret_more)
		return true;
	if (l->rest.n >= FIXED) {
		get_numbers(&l->rest, ret);
		if (get_texts(&l->rest, ret) && get_all_pax(l, ret))
			return true;
	}
	return lf_fail_new(err, LF_E_FORMAT, "damaged list of entries");
}

void lf_tar_list_fini(struct lf_tar_list *l)
{
	lf_free(l->pax);
	*l = (struct lf_tar_list){0};
}

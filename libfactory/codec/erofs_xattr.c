/*
 * Extended attributes of EROFS inodes: behind the inode come a head, numbers of attributes that
 * several inodes share, and the inode's own ones. docs/formats/erofs.md has the fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/fs.h"
#include "codec/erofs_impl.h"
#include "base/banned.h"

#define ENTRY      4 /* length of the name, number of its prefix, length of the value */
#define SHARED_MAX (ENTRY + UINT8_MAX + UINT16_MAX)

struct xattr_walk {
	const struct lf_erofs *e;
	lf_erofs_xattr_fn *fn;
	void *data;
};

static bool corrupt(const struct lf_erofs *e, struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "%s: erofs image is corrupt: an extended attribute",
			   e->src.path);
}

static bool read_at(const struct lf_erofs *e, uint64_t at, size_t n, struct lf_buf *ret,
		    struct lf_err *err)
{
	const struct lf_erofs_source *s = &e->src;

	if (at > s->size || n > s->size - at)
		return corrupt(e, err);
	lf_buf_clear(ret);
	if (s->mem) {
		lf_buf_add(ret, s->mem + at, n);
		return true;
	}
	lf_buf_reserve(ret, n);
	ret->n = n;
	return lf_pread_all(s->fd, ret->p, n, at, err) || lf_fail(err, "reading %s", s->path);
}

/* Reports the entry that *s begins with and passes over it. Prefixes of an image's own, and those
 * of other systems, are left out. */
static bool take_entry(const struct xattr_walk *w, struct lf_str *s, struct lf_err *err)
{
	const uint8_t *b = (const uint8_t *)s->p;

	if (s->n < ENTRY)
		return corrupt(w->e, err);
	const size_t name = b[0], value = (size_t)b[2] | (size_t)b[3] << 8;
	const size_t all = (ENTRY + name + value + 3) & ~(size_t)3;

	if (ENTRY + name + value > s->n)
		return corrupt(w->e, err);
	const struct lf_erofs_prefix *p =
		b[1] < LF_EROFS_N_PREFIXES ? &lf_erofs_prefixes[b[1]] : NULL;

	if (p && p->text) {
		lf_auto_buf key = {0};

		lf_buf_puts(&key, p->text);
		lf_buf_add(&key, s->p + ENTRY, name);
		if (!w->fn(w->data, lf_buf_view(&key), (struct lf_str){s->p + ENTRY + name, value},
			   err))
			return false;
	}
	*s = lf_str_sub(*s, all, s->n);
	return true;
}

static bool take_shared(const struct xattr_walk *w, uint32_t number, struct lf_err *err)
{
	const uint64_t at = w->e->xattrs + (uint64_t)number * LF_EROFS_XATTR_SLOT;
	const uint64_t size = w->e->src.size;
	lf_auto_buf bytes = {0};

	if (at >= size ||
	    !read_at(w->e, at, size - at < SHARED_MAX ? size - at : SHARED_MAX, &bytes, err))
		return corrupt(w->e, err);
	struct lf_str s = lf_buf_view(&bytes);

	return take_entry(w, &s, err);
}

bool lf_erofs_each_xattr(const struct lf_erofs *e, const struct lf_erofs_inode *i,
			 lf_erofs_xattr_fn *fn, void *data, struct lf_err *err)
{
	const struct xattr_walk w = {e, fn, data};
	lf_auto_buf bytes = {0};

	if (i->xattr_size == 0)
		return true;
	if (!read_at(e, i->xattr_at, i->xattr_size, &bytes, err))
		return false;
	struct lf_str s = lf_buf_view(&bytes);
	const size_t shared = (uint8_t)s.p[4];

	if (s.n < LF_EROFS_XATTR_HEAD + shared * 4)
		return corrupt(e, err);
	for (size_t k = 0; k < shared; k++) {
		const uint8_t *b = (const uint8_t *)s.p + LF_EROFS_XATTR_HEAD + 4 * k;

		if (!take_shared(&w,
				 b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
					 (uint32_t)b[3] << 24,
				 err))
			return false;
	}
	s = lf_str_sub(s, LF_EROFS_XATTR_HEAD + 4 * shared, s.n);
	while (s.n)
		if (!take_entry(&w, &s, err))
			return false;
	return true;
}

/*
 * /etc/ld.so.cache, as glibc's loader reads it (format 1.1 without extensions): the libraries of
 * /lib and of the directories of /etc/ld.so.conf, by soname, in descending order of glibc's own
 * comparison.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/ldcache.h"

#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define HEADER_SIZE 48
#define ENTRY_SIZE  24

int lf_ldcache_cmp(const char *a, const char *b)
{
	while (*a) {
		bool da = *a >= '0' && *a <= '9', db = *b >= '0' && *b <= '9';

		if (da != db)
			return da ? 1 : -1;
		if (!da) {
			if (*a != *b)
				return *a - *b;
			a++;
			b++;
			continue;
		}
		uint64_t na = 0, nb = 0;

		while (*a >= '0' && *a <= '9')
			na = na * 10 + (uint64_t)(*a++ - '0');
		while (*b >= '0' && *b <= '9')
			nb = nb * 10 + (uint64_t)(*b++ - '0');
		if (na != nb)
			return na < nb ? -1 : 1;
	}
	return -(int)(uint8_t)*b;
}

static int descending(const void *x, const void *y)
{
	const struct lf_ldcache_entry *a = x, *b = y;
	int c = lf_ldcache_cmp(b->name, a->name);

	if (c)
		return c;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void put32(struct lf_buf *out, uint32_t v)
{
	const uint8_t b[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			      (uint8_t)(v >> 24)};

	lf_buf_add(out, b, sizeof(b));
}

void lf_ldcache_print(struct lf_buf *out, struct lf_ldcache_entry *entry, size_t n)
{
	lf_auto_buf strings = {0};
	size_t base = HEADER_SIZE + n * ENTRY_SIZE;

	for (size_t i = 0; i < n; i++)
		entry[i].number = i;
	qsort(entry, n, sizeof(*entry), descending);
	for (size_t i = 0; i < n; i++) {
		entry[i].offset = base + strings.n;
		lf_buf_add(&strings, entry[i].path, strlen(entry[i].path) + 1);
	}
	lf_buf_puts(out, "glibc-ld.so.cache1.1");
	put32(out, (uint32_t)n);
	put32(out, (uint32_t)strings.n);
	lf_buf_fill(out, '\0', HEADER_SIZE - out->n);
	for (size_t i = 0; i < n; i++) {
		uint32_t value = (uint32_t)entry[i].offset;
		uint32_t key = value + (uint32_t)(strlen(entry[i].path) - strlen(entry[i].name));

		put32(out, entry[i].flags);
		put32(out, key);
		put32(out, value);
		lf_buf_fill(out, '\0', ENTRY_SIZE - 12);
	}
	lf_buf_str(out, lf_buf_view(&strings));
	/* compat: never less than one byte. */
	lf_buf_fill(out, '\0', 16 - out->n % 16);
}

/* ---- which directories ---- */

struct conf {
	struct lf_image *img;
	struct lf_map dirs, files; /* each once, in order */
	unsigned depth;
};

static void read_conf(struct conf *c, const char *path);

/* Each match of the pattern's last component in its directory, in byte order. */
static void include(struct conf *c, const char *pattern)
{
	lf_auto_strv found = {0};

	lf_root_glob(c->img, pattern, &found);
	for (size_t i = 0; i < found.n; i++)
		read_conf(c, found.v[i]);
}

static void read_conf(struct conf *c, const char *path)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	/* A file that is included again has nothing new to say. */
	if (c->depth >= 10 || lf_map_has(&c->files, lf_str(path)) ||
	    !lf_root_read(c->img, path, &text))
		return;
	lf_map_set(&c->files, lf_str(path), c);
	c->depth++;
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		line = lf_str_trim(lf_str_cut(&line, '#'));
		const char *word = lf_arena_str(&c->img->arena, line);

		if (lf_starts(word, "include ") || lf_starts(word, "include\t")) {
			include(c, lf_arena_str(&c->img->arena,
						lf_str_trim(lf_str(word + strlen("include ")))));
			/* compat: what follows the first include is not read. */
			break;
		}
		if (*word)
			lf_map_set(&c->dirs, lf_str(word), c);
	}
	c->depth--;
}

bool lf_image_ldcache(struct lf_image *img, struct lf_err *err)
{
	struct conf c = {.img = img};
	struct lf_ldcache_list list = {0};
	lf_auto_buf out = {0};
	bool ok = true;

	if (!lf_tree_find(img->tree, "etc/ld.so.conf", true))
		return true;
	lf_map_set(&c.dirs, LF_STR("/lib"), &c);
	read_conf(&c, "etc/ld.so.conf");
	for (size_t i = 0; ok && i < c.dirs.n; i++)
		ok = lf_ldcache_scan(img, c.dirs.entry[i].key.p, &list, err);
	if (ok) {
		lf_ldcache_print(&out, list.v, list.n);
		ok = lf_root_write(img, "etc/ld.so.cache", lf_buf_view(&out), 0644, err);
	}
	lf_map_fini(&c.dirs);
	lf_map_fini(&c.files);
	lf_vec_fini(&list);
	return ok || lf_fail(err, "generating ldsocache");
}

/*
 * An index archive to records: gzip members that are one tar, of which the files APKINDEX and
 * DESCRIPTION count. Signatures are passed over here; index_verify.c checks them.
 * docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/package.h"
#include "codec/gzip.h"
#include "codec/tar.h"

#include "base/banned.h"

#define DEFAULT_MAX ((size_t)300 << 20)

struct archive {
	struct lf_tar_in *tar;
	size_t max;
	struct lf_arena *arena;
	struct lf_index index;
	const char *description;
};

static bool read_text(struct archive *a, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!lf_tar_read_all(a->tar, a->max, &text, err))
		return false;
	lf_index_fini(&a->index);
	return lf_index_parse(lf_buf_view(&text), a->arena, &a->index, err);
}

static bool read_description(struct archive *a, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!lf_tar_read_all(a->tar, a->max, &text, err))
		return false;
	a->description = lf_arena_str(a->arena, lf_buf_view(&text));
	return true;
}

static bool read_entry(struct archive *a, const char *name, struct lf_err *err)
{
	if (!strcmp(name, "APKINDEX"))
		return read_text(a, err);
	if (!strcmp(name, "DESCRIPTION"))
		return read_description(a, err);
	if (lf_starts(name, ".SIGN."))
		return true;
	return lf_fail_new(err, LF_E_FORMAT, "unexpected file found in APKINDEX: %s", name);
}

static bool read_entries(struct archive *a, struct lf_err *err)
{
	struct lf_tar_entry e;
	bool more;

	for (;;) {
		if (!lf_tar_next(a->tar, &e, &more, err))
			return false;
		if (!more)
			return true;
		if (!read_entry(a, e.name, err))
			return false;
	}
}

bool lf_index_read(const void *p, size_t n, size_t max, const char *name, struct lf_arena *arena,
		   struct lf_index *ret, struct lf_err *err)
{
	lf_auto_reader *file = lf_reader_mem(p, n);
	lf_auto_reader *gzip = lf_gzip_reader(file);
	lf_auto_reader *limited = lf_reader_limit(gzip, max ? max : DEFAULT_MAX);
	struct archive a = {.max = max ? max : DEFAULT_MAX, .arena = arena, .description = ""};
	bool ok;

	a.tar = lf_tar_in_new(limited, arena);
	ok = read_entries(&a, err);
	lf_tar_in_free(a.tar);
	if (!ok) {
		lf_index_fini(&a.index);
		return name && *name ? lf_fail(err, "%s", name) : false;
	}
	a.index.description = a.description;
	*ret = a.index;
	return true;
}

/*
 * From repository lines to verified indexes. Remote ones are asked for all at once; each is
 * verified against the ring before it is parsed, and parsed once a run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/url.h"
#include "repo/fetcher.h"
#include "repo/known.h"

#include "base/banned.h"

#define MAX_ARCHIVE   (UINT64_C(1) << 30) /* compressed, local */
#define INDEX_FILE    "APKINDEX.tar.gz"
#define MAX_SIGNATURE (UINT64_C(1) << 20)

/* One line of the list on its way. */
struct line {
	const char *tag;  /* "" or the tag */
	const char *base; /* <repository>/<arch> */
	char *location;   /* of the index */
	char *shown;      /* for messages */
	bool remote, absent;
	struct lf_known_index *known;
};

struct lf_known_index *lf_known_new(const char *location)
{
	struct lf_known_index *k = lf_calloc(1, sizeof(*k));

	k->location = lf_strdup(location);
	return k;
}

void lf_known_free(struct lf_known_index *k)
{
	if (!k)
		return;
	lf_free(k->location);
	lf_buf_fini(&k->bytes);
	lf_index_fini(&k->index);
	lf_arena_fini(&k->arena);
	lf_free(k);
}

/* What Go's URL printing leaves as it is in a path. */
static void print_path(struct lf_buf *out, const char *path)
{
	for (const char *p = path; *p; p++) {
		const unsigned char c = (unsigned char)*p;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    strchr("-_.~$&+,/:;=@", c))
			lf_buf_putc(out, (char)c);
		else
			lf_buf_printf(out, "%%%02X", c);
	}
}

static char *show(const char *location)
{
	struct lf_buf out = {0};

	if (lf_is_url(location))
		return lf_url_mask(location);
	print_path(&out, location);
	return lf_buf_detach(&out);
}

/* "@tag location" or "location". */
static bool parse_line(const char *text, const char *arch, struct lf_arena *arena, struct line *ret,
		       struct lf_err *err)
{
	struct lf_str rest = lf_str_trim(lf_str(text)), tag = LF_STR("");

	if (lf_str_skip(&rest, "@")) {
		(void)lf_str_word(&rest, &tag);
		rest = lf_str_trim(rest);
		if (!tag.n || !rest.n)
			return lf_fail_new(err, LF_E_CONFIG, "invalid repository line: \"%s\"",
					   text);
	}
	ret->tag = lf_arena_str(arena, tag);
	ret->base = lf_arena_printf(arena, LF_STR_FMT "/%s", LF_STR_ARG(rest), arch);
	lf_auto_free char *location = lf_path_join(ret->base, INDEX_FILE);
	ret->location = lf_url_local_path(location);
	ret->shown = show(ret->location);
	ret->remote = lf_is_url(ret->location);
	return true;
}

/* ---- what is known already ---- */

static struct lf_known_index *find_known(struct lf_fetcher *f, const char *location)
{
	(void)pthread_mutex_lock(&f->lock);
	struct lf_known_index *k = lf_map_get(&f->indexes, lf_str(location));
	(void)pthread_mutex_unlock(&f->lock);
	return k;
}

/* Another thread may have been faster: then its index counts and ours goes. */
static struct lf_known_index *add_known(struct lf_fetcher *f, struct lf_known_index *k)
{
	(void)pthread_mutex_lock(&f->lock);
	struct lf_known_index *first = lf_map_get(&f->indexes, lf_str(k->location));
	if (!first)
		(void)lf_map_set(&f->indexes, lf_str(k->location), k);
	(void)pthread_mutex_unlock(&f->lock);
	if (!first)
		return k;
	lf_known_free(k);
	return first;
}

/* ---- verify, then parse ---- */

static bool verify(struct lf_fetcher *f, const struct lf_buf *bytes, const struct lf_keyring *ring,
		   struct lf_err *err)
{
	return f->o.ignore_signatures || lf_index_verify(f->ctx, bytes->p, bytes->n, ring, err);
}

static bool take_index(struct lf_fetcher *f, struct line *l, const char *key, struct lf_buf *bytes,
		       const struct lf_keyring *ring, struct lf_err *err)
{
	const uint64_t max = lf_limit(f->o.limits.index, 0);

	if (!verify(f, bytes, ring, err))
		return false;
	struct lf_known_index *k = lf_known_new(key);
	k->bytes = lf_take(*bytes);
	if (!lf_index_read(k->bytes.p, k->bytes.n, (size_t)(max > SIZE_MAX ? SIZE_MAX : max), NULL,
			   &k->arena, &k->index, err)) {
		lf_known_free(k);
		return lf_fail(err,
			       "unable to read convert repository index bytes to index struct");
	}
	l->known = add_known(f, k);
	return true;
}

static bool take_known(struct lf_fetcher *f, struct line *l, const char *key,
		       const struct lf_keyring *ring, struct lf_err *err)
{
	struct lf_known_index *k = find_known(f, key);

	if (!k)
		return true;
	if (!verify(f, &k->bytes, ring, err))
		return false;
	l->known = k;
	return true;
}

/* ---- local ---- */

/* A file that changed meanwhile (melange writes indexes) is another index. */
static void print_key(struct lf_buf *out, const char *path, const struct stat *st)
{
	lf_buf_printf(out, "%s %ju %jd.%09ld %jd", path, (uintmax_t)st->st_ino,
		      (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (intmax_t)st->st_size);
}

static bool read_local(struct lf_fetcher *f, struct line *l, const struct lf_keyring *ring,
		       struct lf_err *err)
{
	lf_auto_buf bytes = {0}, key = {0};
	struct stat st;

	if (stat(l->location, &st) != 0) {
		lf_auto_err why = {0};

		lf_fail_errno(&why, "getting local index %s: stat: stat %s", l->shown, l->location);
		if (errno != ENOENT)
			return lf_fail_errno(err, "stat %s", l->location);
		lf_warn(f->ctx, "%s", lf_err_text(&why));
		l->absent = true;
		return true;
	}
	print_key(&key, l->location, &st);
	if (!take_known(f, l, key.p, ring, err))
		return false;
	return l->known || (lf_read_file(l->location, MAX_ARCHIVE, &bytes, err) &&
			    take_index(f, l, key.p, &bytes, ring, err));
}

/* ---- remote ---- */

static bool take_remote(struct lf_fetcher *f, struct line *l, struct lf_tagged *t,
			const struct lf_keyring *ring, struct lf_err *err)
{
	if (t->err.class && f->o.offline) {
		lf_warn(f->ctx, "getting local index %s: %s", l->shown, lf_err_text(&t->err));
		l->absent = true;
		return true;
	}
	if (t->err.class) {
		lf_err_move(err, &t->err);
		return false;
	}
	if (t->status != 200)
		return lf_fail_new(err, LF_E_NET, "unexpected status code %u", t->status);
	if (take_index(f, l, l->location, &t->body, ring, err))
		return true;
	lf_tagged_drop(f, t);
	return false;
}

/* Packed, an index is hardly longer than unpacked. */
static struct lf_tagged ask_for(const struct lf_fetcher *f, const struct line *l)
{
	const uint64_t unpacked = lf_limit(f->o.limits.index, LF_INDEX_MAX);
	const uint64_t response = lf_limit(f->o.limits.response, LF_RESPONSE_MAX);
	const uint64_t max =
		unpacked < UINT64_MAX / 2 ? unpacked + unpacked / 64 + MAX_SIGNATURE : UINT64_MAX;

	return (struct lf_tagged){.url = l->location,
				  .cut = ".tar.gz",
				  .extension = ".tar.gz",
				  .max_body = max < response ? max : response};
}

/* What a broken transfer or a damaged disk left in the cache must not count for ever: an index that
 * came from there and is bad is fetched once more. */
static bool take_or_refetch(struct lf_fetcher *f, struct line *l, struct lf_tagged *t,
			    const struct lf_keyring *ring, struct lf_err *err)
{
	lf_auto_err why = {0};

	if (take_remote(f, l, t, ring, &why))
		return true;
	if (!t->from_cache || f->o.offline) {
		lf_err_move(err, &why);
		return false;
	}
	lf_debug(f->ctx, "cached %s is not usable: %s", l->shown, lf_err_text(&why));
	lf_tagged_fini(t);
	*t = ask_for(f, l);
	return lf_tagged_fetch(f, t, 1, err) && take_remote(f, l, t, ring, err);
}

/* All remote lines that are not known; n is the number of lines. */
static bool fetch_remote(struct lf_fetcher *f, struct line *line, size_t n,
			 const struct lf_keyring *ring, struct lf_err *err)
{
	struct lf_tagged *t = lf_calloc(n, sizeof(*t));
	struct line **want = lf_calloc(n, sizeof(*want));
	size_t n_want = 0;

	for (size_t i = 0; i < n; i++) {
		if (!line[i].remote || line[i].known)
			continue;
		t[n_want] = ask_for(f, &line[i]);
		want[n_want++] = &line[i];
	}
	bool ok = lf_tagged_fetch(f, t, n_want, err);
	for (size_t i = 0; ok && i < n_want; i++) {
		ok = take_or_refetch(f, want[i], &t[i], ring, err) ||
		     lf_fail(err, "reading index %s", want[i]->shown);
	}
	for (size_t i = 0; i < n_want; i++)
		lf_tagged_fini(&t[i]);
	lf_free(t);
	lf_free(want);
	return ok;
}

static bool read_line(struct lf_fetcher *f, struct line *l, const struct lf_keyring *ring,
		      struct lf_err *err)
{
	const bool ok =
		l->remote ? take_known(f, l, l->location, ring, err) : read_local(f, l, ring, err);

	return ok || lf_fail(err, "reading index %s", l->shown);
}

static void collect(const struct line *line, size_t n, struct lf_arena *arena, struct lf_repos *ret)
{
	*ret = (struct lf_repos){.repo = lf_new_n(arena, struct lf_solve_repo, n + 1)};
	for (size_t i = 0; i < n; i++) {
		if (line[i].known)
			ret->repo[ret->n++] = (struct lf_solve_repo){line[i].tag, line[i].base,
								     &line[i].known->index};
	}
}

bool lf_fetch_indexes(struct lf_fetcher *f, const struct lf_strv *lines, const char *arch,
		      const struct lf_keyring *ring, struct lf_arena *arena, struct lf_repos *ret,
		      struct lf_err *err)
{
	struct line *line = lf_calloc(lines->n, sizeof(*line));
	bool ok = true;

	for (size_t i = 0; ok && i < lines->n; i++)
		ok = parse_line(lines->v[i], arch, arena, &line[i], err);
	for (size_t i = 0; ok && i < lines->n; i++)
		ok = lf_check_cancel(f->ctx, err) && read_line(f, &line[i], ring, err);
	ok = ok && fetch_remote(f, line, lines->n, ring, err);
	if (ok)
		collect(line, lines->n, arena, ret);
	for (size_t i = 0; i < lines->n; i++) {
		lf_free(line[i].location);
		lf_free(line[i].shown);
	}
	lf_free(line);
	return ok;
}

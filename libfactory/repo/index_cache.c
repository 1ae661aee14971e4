/*
 * Remembered index records: a file for each folder of packages, in the cache on disk. It is read as
 * a whole, its digest first, and replaced as a whole; of two that replace it at once one wins.
 * docs/formats/cache.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/index_cache.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/map.h"
#include "base/stream.h"
#include "net/cache.h"
#include "repo/repo.h"
#include "trust/digest.h"

#include "base/banned.h"

#define KIND     "index"
#define MAGIC    "lfindex1 " /* another number when packages are read in another way */
#define MAX_FILE ((size_t)256 << 20)
#define SECOND   INT64_C(1000000000)
#define SETTLED  (3 * SECOND) /* the coarsest file systems count in two seconds */

struct record {
	struct lf_index_stamp stamp;
	struct lf_str text; /* as in an index */
	bool is_new;        /* since the file was read */
};

struct folder {
	const char *path; /* resolved */
	char key[2 * LF_SHA256_LEN + 1];
	struct lf_map records; /* name → struct record */
	bool changed;
};

struct lf_index_cache {
	const struct lf_ctx *ctx;
	struct lf_cache *cache;
	struct lf_arena arena;
	struct lf_map folders; /* as named → struct folder */
};

/* ---- stamps ---- */

static int64_t nanoseconds(struct timespec t)
{
	return t.tv_sec * SECOND + t.tv_nsec;
}

bool lf_index_stamp(int fd, struct lf_index_stamp *ret)
{
	struct timespec now;
	struct stat st;

	if (clock_gettime(CLOCK_REALTIME, &now) || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	*ret = (struct lf_index_stamp){
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mtime_ns = nanoseconds(st.st_mtim),
		.ctime_ns = nanoseconds(st.st_ctim),
	};
	/* A change after this moment gets a later time than the one that is in the stamp. */
	ret->settled = ret->ctime_ns < nanoseconds(now) - SETTLED;
	return true;
}

bool lf_index_stamp_eq(const struct lf_index_stamp *a, const struct lf_index_stamp *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

/* ---- reading ---- */

/* "F:DEV INO SIZE MTIME CTIME NAME" */
static bool parse_head(struct lf_str line, struct lf_index_stamp *ret, struct lf_str *ret_name)
{
	if (!lf_str_skip(&line, "F:") || !lf_str_u64(lf_str_cut(&line, ' '), 10, &ret->dev) ||
	    !lf_str_u64(lf_str_cut(&line, ' '), 10, &ret->ino) ||
	    !lf_str_u64(lf_str_cut(&line, ' '), 10, &ret->size) ||
	    !lf_str_i64(lf_str_cut(&line, ' '), &ret->mtime_ns) ||
	    !lf_str_i64(lf_str_cut(&line, ' '), &ret->ctime_ns) || !line.n)
		return false;
	ret->settled = true;
	*ret_name = line;
	return true;
}

/* Heads, each with the record behind it. */
static void parse_records(struct lf_index_cache *c, struct folder *f, struct lf_str text)
{
	struct lf_index_stamp stamp;
	struct lf_str line, name;

	while (lf_str_line(&text, &line) && parse_head(line, &stamp, &name)) {
		ptrdiff_t end = lf_str_search(text, LF_STR("\n\n"));
		struct record *r = lf_new(&c->arena, struct record);
		if (end < 0)
			return;
		*r = (struct record){stamp, lf_str_sub(text, 0, (size_t)end + 2), false};
		lf_map_set(&f->records, name, r);
		text = lf_str_sub(text, (size_t)end + 2, text.n);
	}
}

/* "lfindex1 HEX\n", the digest of everything behind it. */
static bool check_file(struct lf_str *text)
{
	char want[2 * LF_SHA256_LEN + 1];
	uint8_t sha256[LF_SHA256_LEN];
	struct lf_str line;

	if (!lf_str_line(text, &line) || !lf_str_skip(&line, MAGIC))
		return false;
	lf_hash_mem(LF_SHA256, text->p, text->n, sha256);
	lf_hex(sha256, sizeof(sha256), want);
	return lf_str_is(line, want);
}

static void read_folder(struct lf_index_cache *c, struct folder *f)
{
	lf_auto_fd fd = lf_cache_get(c->cache, KIND, f->key);
	lf_auto_reader *file = fd >= 0 ? lf_reader_fd(fd, false) : NULL;
	lf_auto_buf raw = {0};
	lf_auto_err why = {0};
	struct lf_str text;

	if (fd < 0 || !lf_read_all(file, MAX_FILE, &raw, &why))
		return;
	text = (struct lf_str){lf_arena_dup(&c->arena, raw.p, raw.n), raw.n};
	if (check_file(&text))
		parse_records(c, f, text);
	else
		lf_debug(c->ctx, "what is remembered of %s is damaged", f->path);
}

/* ---- folders ---- */

static struct folder *find_folder(const struct lf_index_cache *c, const char *path)
{
	return lf_map_get(&c->folders, lf_path_dir(lf_str(path)));
}

void lf_index_cache_load(struct lf_index_cache *c, const char *path)
{
	struct lf_str dir = lf_path_dir(lf_str(path));
	uint8_t sha256[LF_SHA256_LEN];
	struct folder *f;
	char *real;

	if (!c || lf_map_has(&c->folders, dir))
		return;
	const char *named = lf_arena_str(&c->arena, dir);
	real = realpath(named, NULL);
	if (!real)
		return;
	f = lf_new(&c->arena, struct folder);
	f->path = lf_arena_strdup(&c->arena, real);
	free(real);
	lf_hash_mem(LF_SHA256, f->path, strlen(f->path), sha256);
	lf_hex(sha256, sizeof(sha256), f->key);
	read_folder(c, f);
	lf_map_set(&c->folders, lf_str(named), f);
}

struct lf_index_cache *lf_index_cache_open(const struct lf_ctx *ctx)
{
	lf_auto_free char *dir = lf_cache_default_dir();
	struct lf_index_cache *c;
	lf_auto_err why = {0};
	struct lf_cache *cache = dir ? lf_cache_open(dir, &why) : NULL;

	if (!cache) {
		lf_debug(ctx, "packages are not remembered: %s", lf_err_text(&why));
		return NULL;
	}
	c = lf_calloc(1, sizeof(*c));
	c->ctx = ctx;
	c->cache = cache;
	return c;
}

void lf_index_cache_close(struct lf_index_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->folders.n; i++)
		lf_map_fini(&((struct folder *)c->folders.entry[i].value)->records);
	lf_map_fini(&c->folders);
	lf_arena_fini(&c->arena);
	lf_cache_close(c->cache);
	lf_free(c);
}

/* ---- records ---- */

/* One record and nothing else. */
static bool parse_record(struct lf_str text, struct lf_arena *arena, struct lf_pkg *ret)
{
	struct lf_index index = {0};
	bool ok = lf_index_parse(text, arena, &index, NULL);

	if (ok && index.n == 1)
		*ret = index.pkg[0];
	ok = ok && index.n == 1;
	lf_index_fini(&index);
	return ok;
}

bool lf_index_cache_find(const struct lf_index_cache *c, const char *path,
			 const struct lf_index_stamp *stamp, struct lf_arena *arena,
			 struct lf_pkg *ret)
{
	const struct folder *f = c ? find_folder(c, path) : NULL;
	struct record *r = f ? lf_map_get(&f->records, lf_path_base(lf_str(path))) : NULL;

	if (!r || !lf_index_stamp_eq(&r->stamp, stamp) || !parse_record(r->text, arena, ret))
		return false;
	return true;
}

void lf_index_cache_add(struct lf_index_cache *c, const char *path,
			const struct lf_index_stamp *stamp, const struct lf_pkg *pkg)
{
	struct folder *f = c ? find_folder(c, path) : NULL;
	struct lf_str name = lf_path_base(lf_str(path));
	lf_auto_buf text = {0}, again = {0};
	struct lf_pkg read;
	struct record *r;

	if (!f || !stamp->settled || lf_str_find(name, '\n') >= 0)
		return;
	lf_index_print_pkg(&text, pkg);
	if (!parse_record(lf_buf_view(&text), &c->arena, &read))
		return;
	lf_index_print_pkg(&again, &read);
	if (!lf_str_eq(lf_buf_view(&text), lf_buf_view(&again)))
		return;
	r = lf_new(&c->arena, struct record);
	r->stamp = *stamp;
	r->text = lf_str(lf_arena_str(&c->arena, lf_buf_view(&text)));
	r->is_new = true;
	lf_map_set(&f->records, lf_str(lf_arena_str(&c->arena, name)), r);
	f->changed = true;
}

/* ---- writing ---- */

static void print_folder(const struct folder *f, struct lf_buf *out)
{
	lf_auto_fd dir = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < f->records.n; i++) {
		const struct record *r = f->records.entry[i].value;
		struct lf_str name = f->records.entry[i].key;
		lf_auto_buf text = {0};

		lf_buf_str(&text, name);
		if (!r->is_new && faccessat(dir, lf_buf_c(&text), F_OK, 0))
			continue;
		lf_buf_printf(out, "F:%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64,
			      r->stamp.dev, r->stamp.ino, r->stamp.size, r->stamp.mtime_ns,
			      r->stamp.ctime_ns);
		lf_buf_printf(out, " " LF_STR_FMT "\n", LF_STR_ARG(name));
		lf_buf_str(out, r->text);
	}
}

static bool write_folder(struct lf_index_cache *c, const struct folder *f, struct lf_err *err)
{
	lf_auto_cache_file file = LF_CACHE_FILE;
	lf_auto_buf records = {0}, head = {0};
	char hex[2 * LF_SHA256_LEN + 1];
	uint8_t sha256[LF_SHA256_LEN];

	print_folder(f, &records);
	lf_hash_mem(LF_SHA256, lf_buf_c(&records), records.n, sha256);
	lf_hex(sha256, sizeof(sha256), hex);
	lf_buf_printf(&head, MAGIC "%s\n", hex);
	if (!lf_cache_begin(c->cache, &file, err) || !lf_write_all(file.fd, head.p, head.n, err) ||
	    !lf_write_all(file.fd, lf_buf_c(&records), records.n, err))
		return false;
	lf_cache_drop(c->cache, KIND, f->key);
	return lf_cache_put(c->cache, &file, KIND, f->key, err);
}

void lf_index_cache_save(struct lf_index_cache *c)
{
	for (size_t i = 0; c && i < c->folders.n; i++) {
		const struct folder *f = c->folders.entry[i].value;
		lf_auto_err why = {0};

		if (f->changed && !write_folder(c, f, &why))
			lf_debug(c->ctx, "%s: packages are not remembered: %s", f->path,
				 lf_err_text(&why));
	}
}

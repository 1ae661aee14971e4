/*
 * Replies kept by their ETag, in the folders that upstream uses, so that both share a cache:
 * ROOT/<escaped URL up to the last two parts>/<folder>/ <file>/<base32 of the ETag><extension>. A
 * HEAD request tells the ETag; only what is not there is fetched. Offline, the newest entry counts.
 * Passwords are left out of names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/url.h"
#include "repo/fetcher.h"

#include "base/banned.h"

#define MAX_ETAG 128 /* bytes; a longer one would not fit into a file name */

void lf_tagged_fini(struct lf_tagged *t)
{
	lf_buf_fini(&t->body);
	lf_free(t->entry);
	t->entry = NULL;
	lf_err_fini(&t->err);
}

/* ---- names ---- */

/* RFC 4648, upper case, padded. */
static void print_base32(struct lf_buf *out, struct lf_str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (size_t i = 0; i < s.n; i += 5) {
		const size_t n = s.n - i < 5 ? s.n - i : 5;
		const size_t n_digits = (8 * n + 4) / 5;
		uint64_t bits = 0;

		for (size_t k = 0; k < 5; k++)
			bits = bits << 8 | (k < n ? (uint8_t)s.p[i + k] : 0);
		for (size_t k = 0; k < 8; k++)
			lf_buf_putc(out, k < n_digits ? digits[bits >> (35 - 5 * k) & 31] : '=');
	}
}

/* A path component that cannot lead elsewhere. */
static void print_component(struct lf_buf *out, struct lf_str s)
{
	if (lf_str_is(s, ".") || lf_str_is(s, ".."))
		lf_buf_putc(out, '_');
	lf_buf_str(out, s);
}

/* The folder of a URL's entries below the root. */
static void print_folder(const struct lf_tagged *t, struct lf_buf *out)
{
	struct lf_url url;
	lf_auto_buf head = {0};

	(void)lf_url_parse(t->url, &url);
	struct lf_str file = lf_path_base(url.path), dir = lf_path_dir(url.path);
	const struct lf_str folder = dir.n > 1 ? lf_path_base(dir) : LF_STR("");
	struct lf_str rest = folder.n ? lf_path_dir(dir) : LF_STR("");
	if (lf_str_is(rest, "/") || lf_str_is(rest, "."))
		rest = LF_STR("");
	lf_buf_str(&head, url.scheme);
	lf_buf_puts(&head, "://");
	lf_buf_str(&head, url.host);
	lf_buf_str(&head, rest);
	lf_url_escape(out, lf_buf_view(&head));
	lf_buf_putc(out, '/');
	print_component(out, folder);
	lf_buf_putc(out, '/');
	if (t->cut && lf_str_ends(file, t->cut))
		file = lf_str_sub(file, 0, file.n - strlen(t->cut));
	print_component(out, file);
}

static void print_entry(const struct lf_tagged *t, struct lf_str etag, struct lf_buf *out)
{
	print_folder(t, out);
	lf_buf_putc(out, '/');
	print_base32(out, etag);
	lf_buf_puts(out, t->extension);
}

/* ---- the cache ---- */

static bool read_entry(struct lf_fetcher *f, struct lf_tagged *t, struct lf_str etag)
{
	lf_auto_buf entry = {0};
	lf_auto_err why = {0};

	if (!f->cache || !etag.n || etag.n > MAX_ETAG)
		return false;
	print_entry(t, etag, &entry);
	lf_auto_free char *path = lf_path_join(lf_cache_root(f->cache), entry.p);
	if (!lf_read_file(path, (size_t)lf_limit(f->o.limits.response, SIZE_MAX / 4), &t->body,
			  &why))
		return false;
	t->entry = lf_buf_detach(&entry);
	t->from_cache = true;
	return true;
}

/* A cache that does not take it is no reason to fail. */
static void store_entry(struct lf_fetcher *f, struct lf_tagged *t, struct lf_str etag)
{
	lf_auto_buf path = {0};
	lf_auto_err why = {0};
	lf_auto_cache_file file = LF_CACHE_FILE;

	if (!f->cache || !etag.n || etag.n > MAX_ETAG)
		return;
	print_entry(t, etag, &path);
	if (!lf_cache_begin(f->cache, &file, &why) ||
	    !lf_write_all(file.fd, t->body.p, t->body.n, &why) ||
	    !lf_cache_put_at(f->cache, &file, path.p, &why)) {
		lf_debug(f->ctx, "not cached: %s", lf_err_text(&why));
		return;
	}
	t->entry = lf_buf_detach(&path);
}

void lf_tagged_drop(struct lf_fetcher *f, struct lf_tagged *t)
{
	if (!t->entry)
		return;
	lf_auto_free char *path = lf_path_join(lf_cache_root(f->cache), t->entry);

	(void)unlink(path);
	lf_free(t->entry);
	t->entry = NULL;
}

struct newest {
	int dir;
	struct timespec time;
	const char *name;
};

static void see_entry(struct newest *n, const char *name)
{
	struct stat st;

	if (name[0] == '.' || fstatat(n->dir, name, &st, 0) != 0 || !S_ISREG(st.st_mode))
		return;
	if (n->name &&
	    (st.st_mtim.tv_sec < n->time.tv_sec ||
	     (st.st_mtim.tv_sec == n->time.tv_sec && st.st_mtim.tv_nsec <= n->time.tv_nsec)))
		return;
	n->name = name;
	n->time = st.st_mtim;
}

static bool read_newest(struct lf_tagged *t, const char *dir, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(dir, err);
	struct newest newest = {.dir = fd};
	struct lf_strv names = {0};

	if (fd < 0 || !lf_dir_names(fd, &names, err))
		return lf_fail(err, "listing \"%s\" for offline cache", dir);
	for (size_t i = 0; i < names.n; i++)
		see_entry(&newest, names.v[i]);
	bool ok = newest.name != NULL;
	if (ok) {
		lf_auto_free char *path = lf_path_join(dir, newest.name);

		ok = lf_read_file(path, SIZE_MAX / 4, &t->body, err);
	} else {
		lf_fail_new(err, LF_E_NOT_FOUND, "no offline cached entries for %s", dir);
	}
	lf_dir_names_fini(&names);
	return ok;
}

static void fetch_offline(struct lf_fetcher *f, struct lf_tagged *t)
{
	lf_auto_buf dir = {0};
	lf_auto_free char *url = lf_url_mask(t->url);

	if (!f->cache) {
		lf_fail_new(&t->err, LF_E_NET, "network request blocked in offline mode: HEAD %s",
			    url);
		return;
	}
	lf_buf_printf(&dir, "%s/", lf_cache_root(f->cache));
	print_folder(t, &dir);
	if (read_newest(t, dir.p, &t->err)) {
		t->status = 200;
		return;
	}
	t->err.class = LF_E_NOT_FOUND;
	lf_fail(&t->err, "Head \"%s\"", url);
}

/* ---- the network ---- */

/* One HEAD or GET of those that still need it. */
struct round {
	struct lf_http_transfer *transfer;
	struct lf_http_transfer **go;
	size_t n;
};

static void add_transfer(struct round *r, size_t i, const char *method, struct lf_tagged *t)
{
	r->transfer[i] = (struct lf_http_transfer){.method = method,
						   .url = t->url,
						   .max_body = t->max_body,
						   .keep_tls = t->keep_tls,
						   .data = t};
	if (strcmp(method, "GET") == 0)
		r->transfer[i].to = lf_writer_buf(&t->body);
	r->go[r->n++] = &r->transfer[i];
}

static void round_init(struct round *r, size_t n)
{
	*r = (struct round){lf_calloc(n, sizeof(*r->transfer)),
			    lf_calloc(n, sizeof(struct lf_http_transfer *)), 0};
}

static void round_fini(struct round *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lf_http_transfer *t = &r->transfer[i];
		const bool closed = !t->to || lf_writer_close(t->to, NULL);

		(void)closed; /* writes to memory do not fail */
		lf_http_transfer_fini(t);
	}
	lf_free(r->transfer);
	lf_free(r->go);
}

/* What changed while it was fetched begins anew, once. */
static bool get_bodies(struct lf_fetcher *f, struct round *r, struct lf_err *err)
{
	for (unsigned i = 0; i < 2 && r->n; i++) {
		const size_t n = r->n;

		if (!lf_http_run(f->http, r->go, n, NULL, NULL, err))
			return false;
		r->n = 0;
		for (size_t k = 0; k < n && i == 0; k++) {
			struct lf_http_transfer *t = r->go[k];
			struct lf_tagged *tagged = t->data;

			if (!t->changed)
				continue;
			lf_buf_clear(&tagged->body);
			lf_err_fini(&t->err);
			t->received = 0;
			t->changed = false;
			r->go[r->n++] = t;
		}
	}
	return true;
}

/* Some servers do not answer HEAD; then GET decides. */
static bool needs_get(struct lf_fetcher *f, struct lf_http_transfer *head, struct lf_tagged *t)
{
	if (head->err.class) {
		lf_err_move(&t->err, &head->err);
		return false;
	}
	t->status = head->status;
	if (head->status == 405 || head->status == 501)
		return true;
	if (head->status < 200 || head->status > 299)
		return false;
	return !read_entry(f, t, lf_http_etag(head));
}

static void take_reply(struct lf_fetcher *f, struct lf_http_transfer *get, struct lf_str head_etag,
		       struct lf_tagged *t)
{
	const struct lf_str etag = lf_http_etag(get);

	t->status = get->status;
	if (get->err.class) {
		lf_err_move(&t->err, &get->err);
		return;
	}
	if (get->status < 200 || get->status > 299)
		return;
	if (head_etag.n && !etag.n) {
		lf_fail_new(&t->err, LF_E_NET,
			    "GET response did not contain an etag, but HEAD returned \"" LF_STR_FMT
			    "\"",
			    LF_STR_ARG(head_etag));
		return;
	}
	store_entry(f, t, etag);
}

bool lf_tagged_fetch(struct lf_fetcher *f, struct lf_tagged *t, size_t n, struct lf_err *err)
{
	struct round heads, bodies;

	for (size_t i = 0; f->o.offline && i < n; i++)
		fetch_offline(f, &t[i]);
	if (f->o.offline || n == 0)
		return true;
	round_init(&heads, n);
	round_init(&bodies, n);
	for (size_t i = 0; i < n; i++)
		add_transfer(&heads, i, "HEAD", &t[i]);
	bool ok = lf_http_run(f->http, heads.go, heads.n, NULL, NULL, err);
	for (size_t i = 0; ok && i < n; i++) {
		if (needs_get(f, &heads.transfer[i], &t[i]))
			add_transfer(&bodies, i, "GET", &t[i]);
	}
	ok = ok && get_bodies(f, &bodies, err);
	for (size_t i = 0; ok && i < n; i++) {
		if (bodies.transfer[i].url)
			take_reply(f, &bodies.transfer[i], lf_http_etag(&heads.transfer[i]), &t[i]);
	}
	round_fini(&heads, n);
	round_fini(&bodies, n);
	return ok;
}

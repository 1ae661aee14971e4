/*
 * Blobs to a registry, each step for all of them at once: ask which are there, begin uploads (or
 * have them mounted from a sister repository), send each in one piece. What does not get through
 * that way is sent in pieces.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include "base/fs.h"
#include "base/map.h"
#include "net/url.h"
#include "base/banned.h"

struct upload {
	const struct lf_registry_blob *blob;
	struct lf_call call;
	const char *location;
	int fd;
	bool done;
};

struct push {
	struct lf_registry *r;
	struct upload *u;
	size_t n;
	struct lf_call **call; /* room for n */
	uint64_t sent, total;  /* for the progress */
};

const char *lf_registry_finish_url(struct lf_registry *r, const char *location, const char *digest)
{
	lf_auto_buf escaped = {0};

	lf_url_escape(&escaped, lf_str(digest));
	return lf_arena_printf(&r->arena, "%s%cdigest=%s", location,
			       strchr(location, '?') ? '&' : '?', lf_buf_c(&escaped));
}

static void begin(struct push *p, struct upload *u, const char *method, const char *url)
{
	lf_call_fini(&u->call);
	lf_call_init(&u->call, p->r, method, url);
	u->call.t.data = u;
}

/* Runs the calls of those that are not done; `wanted` tells which of them. */
static bool run(struct push *p, bool (*wanted)(const struct upload *u), lf_http_done_fn *done,
		struct lf_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (!p->u[i].done && (!wanted || wanted(&p->u[i])))
			p->call[n++] = &p->u[i].call;
	return lf_registry_run(p->r, p->call, n, done, p, err);
}

/* ---- which are there ---- */

/* Any other answer than "it is there" is left to the upload, which is told why. */
static bool ask(struct push *p, struct lf_err *err)
{
	for (size_t i = 0; i < p->n; i++)
		begin(p, &p->u[i], "HEAD", lf_registry_path(p->r, "blobs", p->u[i].blob->digest));
	if (!run(p, NULL, NULL, err))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		struct upload *u = &p->u[i];

		if (u->call.t.err.class && u->call.t.status < 400)
			return lf_call_fail(&u->call, err);
		u->done = u->call.t.status == 200;
		if (!u->done)
			p->total += u->blob->size;
	}
	return true;
}

/* ---- beginning uploads ---- */

static bool is_bad(const struct upload *u)
{
	return u->call.t.err.class || u->call.t.status >= 300;
}

static bool begin_uploads(struct push *p, struct lf_err *err)
{
	const char *url = lf_registry_path(p->r, "blobs", "uploads/"), *from = p->r->o->mount_from;

	for (size_t i = 0; i < p->n; i++) {
		struct upload *u = &p->u[i];

		if (from && !u->done)
			begin(p, u, "POST",
			      lf_arena_printf(&p->r->arena, "%s?mount=%s&from=%s", url,
					      u->blob->digest, from));
		else if (!u->done)
			begin(p, u, "POST", url);
	}
	if (!run(p, NULL, NULL, err))
		return false;
	/* Not every registry understands the wish for a mount. */
	for (size_t i = 0; i < p->n && from; i++)
		if (!p->u[i].done && is_bad(&p->u[i]))
			begin(p, &p->u[i], "POST", url);
	return !from || run(p, is_bad, NULL, err);
}

static bool take_locations(struct push *p, struct lf_err *err)
{
	for (size_t i = 0; i < p->n; i++) {
		struct upload *u = &p->u[i];

		if (u->done)
			continue;
		if (is_bad(u))
			return lf_call_fail(&u->call, err);
		if (u->call.t.status == 201) { /* mounted */
			u->done = true;
			p->total -= u->blob->size;
			continue;
		}
		u->location = lf_call_location(&u->call, p->r, err);
		if (!u->location)
			return false;
	}
	return true;
}

/* ---- sending ---- */

static bool on_sent(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	struct push *p = data;
	const struct upload *u = t->data;

	(void)err;
	if (t->err.class || t->status >= 300)
		return true;
	p->sent += u->blob->size;
	lf_progress(p->r->o->ctx, "pushing", p->sent, p->total);
	return true;
}

static bool prepare_send(struct push *p, struct upload *u, struct lf_err *err)
{
	begin(p, u, "PUT", lf_registry_finish_url(p->r, u->location, u->blob->digest));
	lf_call_header(&u->call, p->r, "Content-Type: application/octet-stream");
	u->call.t.once = true; /* an upload that broke has eaten a part already */
	u->call.t.body = u->blob->bytes;
	if (!u->blob->path)
		return true;
	lf_close_p(&u->fd);
	u->fd = lf_open_read(u->blob->path, err);
	u->call.t.body = (struct lf_str){0};
	u->call.t.body_fd = u->fd;
	u->call.t.body_size = u->blob->size;
	return u->fd >= 0;
}

/* Would another way than one large request help? */
static bool may_help(unsigned status)
{
	return status < 400 || status == 404 || status == 405 || status == 408 || status == 411 ||
	       status == 413 || status == 416 || status == 429 || status >= 500;
}

static bool finish(struct push *p, struct upload *u, struct lf_err *err)
{
	if (u->done || !is_bad(u))
		return true;
	if (!may_help(u->call.t.status))
		return lf_call_fail(&u->call, err);
	lf_debug(p->r->o->ctx, "sending %s in pieces", u->blob->digest);
	if (!lf_registry_push_chunks(p->r, u->blob, u->fd, err))
		return false;
	p->sent += u->blob->size;
	lf_progress(p->r->o->ctx, "pushing", p->sent, p->total);
	return true;
}

static bool send_all(struct push *p, struct lf_err *err)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->u[i].done && !prepare_send(p, &p->u[i], err))
			return false;
	if (!run(p, NULL, on_sent, err))
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (!finish(p, &p->u[i], err))
			return false;
	return true;
}

/* ---- the whole ---- */

static void init(struct push *p, struct lf_registry *r, const struct lf_registry_blob *blob,
		 size_t n)
{
	lf_auto_map seen = {0};

	*p = (struct push){.r = r,
			   .u = lf_calloc(n, sizeof(*p->u)),
			   .call = lf_calloc(n, sizeof(struct lf_call *))};
	for (size_t i = 0; i < n; i++) {
		if (lf_map_has(&seen, lf_str(blob[i].digest)))
			continue;
		lf_map_set(&seen, lf_str(blob[i].digest), p);
		p->u[p->n++] = (struct upload){.blob = &blob[i], .fd = -1};
	}
}

static void fini(struct push *p)
{
	for (size_t i = 0; i < p->n; i++) {
		lf_call_fini(&p->u[i].call);
		lf_close_p(&p->u[i].fd);
	}
	lf_free(p->u);
	lf_free(p->call);
}

bool lf_registry_push_blobs(struct lf_registry *r, const struct lf_registry_blob *blob, size_t n,
			    struct lf_err *err)
{
	struct push p;

	init(&p, r, blob, n);
	bool ok = ask(&p, err) && begin_uploads(&p, err) && take_locations(&p, err) &&
		  send_all(&p, err);

	fini(&p);
	return ok;
}

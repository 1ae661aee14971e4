/*
 * A blob in pieces, for ways on which a large request does not survive: PATCH with Content-Range,
 * each confirmed with how far the registry is. After a break it is asked where to go on; when it
 * has forgotten the upload, a new one is begun.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <inttypes.h>

#include "base/banned.h"

#define CHUNK       ((uint64_t)8 << 20)
#define LEAST_CHUNK ((uint64_t)256 << 10)
#define MAX_CHUNK   ((uint64_t)512 << 20)
#define SESSIONS    3
#define BREAKS      5 /* in a row without progress */

struct session {
	struct lf_registry *r;
	const struct lf_registry_blob *blob;
	int fd;
	const char *location;
	uint64_t at; /* bytes that the registry has */
	uint64_t chunk;
	unsigned breaks;
	bool lost; /* the registry knows nothing of it any more */
};

static bool begin(struct session *s, struct lf_err *err)
{
	lf_auto_call c = {0};
	uint64_t least;

	lf_call_init(&c, s->r, "POST", lf_registry_path(s->r, "blobs", "uploads/"));
	if (!lf_registry_do(s->r, &c, err))
		return false;
	s->at = 0;
	s->breaks = 0;
	s->lost = false;
	if (lf_str_u64(lf_http_field(&c.t, "OCI-Chunk-Min-Length"), 10, &least) &&
	    least > s->chunk && least <= MAX_CHUNK)
		s->chunk = least;
	s->location = lf_call_location(&c, s->r, err);
	return s->location != NULL;
}

/* "0-1023" means that 1024 bytes are there. Some say nothing, and some say "0-0" for nothing. */
static bool read_range(const struct session *s, const struct lf_call *c, uint64_t *ret)
{
	struct lf_str range = lf_http_field(&c->t, "Range"), first;
	uint64_t last;

	(void)lf_str_skip(&range, "bytes=");
	first = lf_str_cut(&range, '-');
	if (!lf_str_is(first, "0") || !range.p || !lf_str_u64(range, 10, &last) ||
	    last >= s->blob->size)
		return false;
	*ret = last ? last + 1 : 0;
	return true;
}

/* Asks how far the registry is. */
static bool ask(struct session *s, struct lf_err *err)
{
	lf_auto_call c = {0};

	lf_call_init(&c, s->r, "GET", s->location);
	if (!lf_registry_call(s->r, &c, err))
		return false;
	if (c.t.status != 204 || !read_range(s, &c, &s->at)) {
		s->lost = true;
		return true;
	}
	if (!lf_http_field(&c.t, "Location").n)
		return true;
	s->location = lf_call_location(&c, s->r, err);
	return s->location != NULL;
}

static void set_body(const struct session *s, struct lf_call *c, uint64_t n)
{
	if (s->fd < 0) {
		c->t.body = lf_str_sub(s->blob->bytes, (size_t)s->at, (size_t)(s->at + n));
		return;
	}
	c->t.body_fd = s->fd;
	c->t.body_offset = s->at;
	c->t.body_size = n;
}

/* The piece did not arrive, or not as a whole. */
static bool mend(struct session *s, struct lf_call *c, struct lf_err *err)
{
	const unsigned status = c->t.status;

	if (status == 413 && s->chunk > LEAST_CHUNK) {
		s->chunk /= 2;
		return ask(s, err);
	}
	if (status == 404) {
		s->lost = true;
		return true;
	}
	if (++s->breaks >= BREAKS ||
	    (status >= 400 && status != 408 && status != 416 && status != 429 && status < 500))
		return lf_call_fail(c, err);
	return ask(s, err);
}

static bool send_piece(struct session *s, struct lf_err *err)
{
	const uint64_t left = s->blob->size - s->at, n = left < s->chunk ? left : s->chunk;
	uint64_t at = s->at + n;
	lf_auto_call c = {0};

	lf_call_init(&c, s->r, "PATCH", s->location);
	lf_call_header(&c, s->r, "Content-Type: application/octet-stream");
	lf_call_header(&c, s->r, "Content-Range: %" PRIu64 "-%" PRIu64, s->at, at - 1);
	c.t.once = true;
	set_body(s, &c, n);
	struct lf_call *calls = &c;

	if (!lf_registry_run(s->r, &calls, 1, NULL, NULL, err))
		return false;
	if (c.t.err.class || c.t.status >= 300)
		return mend(s, &c, err);
	/* What some say here is not about the whole; who is further behind says so next time. */
	if (read_range(s, &c, &at) && (at <= s->at || at > s->at + n))
		at = s->at + n;
	s->at = at;
	s->breaks = 0;
	s->location = lf_call_location(&c, s->r, err);
	return s->location != NULL;
}

static bool finish(struct session *s, struct lf_err *err)
{
	lf_auto_call c = {0};

	lf_call_init(&c, s->r, "PUT", lf_registry_finish_url(s->r, s->location, s->blob->digest));
	return lf_registry_do(s->r, &c, err);
}

bool lf_registry_push_chunks(struct lf_registry *r, const struct lf_registry_blob *b, int fd,
			     struct lf_err *err)
{
	struct session s = {.r = r, .blob = b, .fd = fd, .chunk = CHUNK};

	for (unsigned i = 0; i < SESSIONS; i++) {
		if (!begin(&s, err))
			return false;
		while (!s.lost && s.at < b->size)
			if (!send_piece(&s, err))
				return false;
		if (!s.lost)
			return finish(&s, err);
	}
	return lf_fail_new(err, LF_E_NET, "%s lost the upload of %s", r->o->registry, b->digest);
}

/*
 * The way to a registry: https, for local ones also http, whichever answers. Manifests under their
 * digests and tags.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <string.h>

#include "net/reference.h"
#include "base/banned.h"

/* ---- is there a registry? ---- */

static bool is_answer(const struct lf_http_transfer *t)
{
	return !t->err.class && (t->status == 200 || t->status == 401);
}

/* The first good answer is enough. */
static bool stop_when_answered(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	const struct lf_http_transfer **ret = data;

	if (!is_answer(t))
		return true;
	*ret = t;
	return lf_fail_new(err, LF_E_NET, "answered");
}

static bool fail_ping(struct lf_call *c, size_t n, struct lf_err *err)
{
	lf_auto_buf text = {0};

	for (size_t i = 0; i < n; i++) {
		lf_auto_err why = {0};

		lf_call_fail(&c[i], &why);
		lf_buf_printf(&text, "%s%s", i ? "; " : "", lf_err_text(&why));
	}
	return lf_fail_new(err, LF_E_NET, "%s", text.p);
}

static bool ping(struct lf_registry *r, struct lf_err *err)
{
	static const char *const schemes[] = {"https", "http"};
	const size_t n = lf_reference_is_local(r->o->registry) ? 2 : 1;
	struct lf_call c[2] = {0};
	struct lf_http_transfer *t[2], *answer = NULL;
	lf_auto_err why = {0};

	for (size_t i = 0; i < n; i++) {
		lf_call_init(&c[i], r, "GET",
			     lf_arena_printf(&r->arena, "%s://%s/v2/", schemes[i], r->o->registry));
		c[i].t.probing = n > 1;
		t[i] = &c[i].t;
	}
	bool ok = lf_http_run(r->o->http, t, n, stop_when_answered, &answer, &why);

	if (answer) {
		r->base = schemes[answer == t[1] ? 1 : 0];
		r->base = lf_arena_printf(&r->arena, "%s://%s", r->base, r->o->registry);
		if (answer->status == 401)
			(void)lf_challenge_find(lf_buf_view(&answer->fields), &r->arena,
						&r->challenge);
	} else if (ok) {
		fail_ping(c, n, err);
	} else {
		lf_err_move(err, &why);
	}
	for (size_t i = 0; i < n; i++)
		lf_call_fini(&c[i]);
	return answer != NULL;
}

static void add_scopes(struct lf_registry *r)
{
	lf_strv_add(&r->scopes,
		    lf_arena_printf(&r->arena, "repository:%s:pull,push", r->o->repository));
	if (r->o->mount_from)
		lf_strv_add(&r->scopes,
			    lf_arena_printf(&r->arena, "repository:%s:pull", r->o->mount_from));
}

struct lf_registry *lf_registry_open(const struct lf_registry_options *o, struct lf_err *err)
{
	struct lf_registry *r = lf_calloc(1, sizeof(*r));

	r->options = *o;
	r->o = &r->options;
	add_scopes(r);
	if (ping(r, err) && lf_registry_authorize(r, err))
		return r;
	lf_registry_close(r);
	return NULL;
}

void lf_registry_close(struct lf_registry *r)
{
	if (!r)
		return;
	lf_strv_fini(&r->scopes);
	lf_arena_fini(&r->arena);
	lf_free(r);
}

/* ---- manifests ---- */

bool lf_registry_put(struct lf_registry *r, const struct lf_registry_manifest *m, const char *name,
		     struct lf_call *c, struct lf_err *err)
{
	struct lf_str stored;

	lf_call_init(c, r, "PUT", lf_registry_path(r, "manifests", name));
	lf_call_header(c, r, "Content-Type: %s", m->media_type);
	c->t.body = m->bytes;
	if (!lf_registry_do(r, c, err))
		return false;
	stored = lf_http_field(&c->t, "Docker-Content-Digest");
	if (lf_str_starts(stored, "sha256:") && !lf_str_is(stored, m->digest))
		return lf_fail_new(err, LF_E_NET,
				   "%s %s: the registry keeps something else than %s", c->t.method,
				   c->t.shown, m->digest);
	return true;
}

static bool has_manifest(struct lf_registry *r, const struct lf_registry_manifest *m, bool *ret,
			 struct lf_err *err)
{
	lf_auto_call c = {0};

	lf_call_init(&c, r, "HEAD", lf_registry_path(r, "manifests", m->digest));
	lf_call_header(&c, r, "Accept: %s", m->media_type);
	if (!lf_registry_call(r, &c, err))
		return false;
	*ret = c.t.status == 200;
	return true;
}

bool lf_registry_push_manifest(struct lf_registry *r, const struct lf_registry_manifest *m,
			       struct lf_err *err)
{
	lf_auto_call c = {0};
	bool there;

	if (!has_manifest(r, m, &there, err))
		return false;
	return there || lf_registry_put(r, m, m->digest, &c, err);
}

bool lf_registry_push_tag(struct lf_registry *r, const struct lf_registry_manifest *m,
			  const char *tag, struct lf_err *err)
{
	lf_auto_call c = {0};

	return lf_registry_put(r, m, tag, &c, err);
}

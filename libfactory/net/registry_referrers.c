/*
 * Manifests that say of themselves to what they belong ("subject"). A registry with the referrers
 * API says so when it takes one (OCI-Subject); for others the list is a tag, which clients keep
 * (OCI distribution 1.1, "Referrers Tag Schema").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <string.h>

#include "codec/json.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_LIST ((size_t)4 << 20)

static bool lists(const json_t *index, const char *digest)
{
	const json_t *all = json_object_get(index, "manifests");

	for (size_t i = 0; i < json_array_size(all); i++) {
		const char *d =
			json_string_value(json_object_get(json_array_get(all, i), "digest"));

		if (d && strcmp(d, digest) == 0)
			return true;
	}
	return false;
}

/* The list behind a path. *ret is NULL when there is none. */
static bool fetch_list(struct lf_registry *r, const char *path, json_t **ret, struct lf_err *err)
{
	lf_auto_call c = {0};
	json_t *v;

	lf_call_init(&c, r, "GET", path);
	lf_call_header(&c, r, "Accept: " LF_REGISTRY_INDEX);
	lf_call_keep(&c, MAX_LIST);
	if (!lf_registry_call(r, &c, err))
		return false;
	*ret = NULL;
	if (c.t.status != 200)
		return c.t.status == 404 || lf_call_fail(&c, err);
	v = lf_json_parse(lf_buf_view(&c.reply), c.t.shown, err);
	if (v && json_is_array(json_object_get(v, "manifests"))) {
		*ret = v;
		return true;
	}
	json_decref(v);
	return !v ? false
		  : lf_fail_new(err, LF_E_FORMAT, "%s %s: this is not an index", c.t.method,
				c.t.shown);
}

/* A registry without the API answers with anything. */
static bool api_lists(struct lf_registry *r, const struct lf_registry_referrer *a)
{
	json_t *list = NULL;
	bool found;

	if (!fetch_list(r, lf_registry_path(r, "referrers", a->subject), &list, NULL))
		return false;
	found = lists(list, a->manifest.digest);
	json_decref(list);
	return found;
}

static json_t *descriptor(const struct lf_registry_referrer *a)
{
	json_t *d = json_object(), *annotations = json_object();

	lf_json_set_str(d, "mediaType", a->manifest.media_type);
	lf_json_set_str(d, "digest", a->manifest.digest);
	lf_json_set(d, "size", json_integer((json_int_t)a->manifest.bytes.n));
	lf_json_opt_str(annotations, "org.opencontainers.image.created", a->created);
	lf_json_opt(d, "annotations", annotations);
	lf_json_set_str(d, "artifactType", a->artifact_type);
	return d;
}

static json_t *new_list(void)
{
	json_t *list = json_object();

	lf_json_set(list, "schemaVersion", json_integer(2));
	lf_json_set_str(list, "mediaType", LF_REGISTRY_INDEX);
	lf_json_set(list, "manifests", json_array());
	return list;
}

static bool put_list(struct lf_registry *r, const char *tag, const json_t *list, struct lf_err *err)
{
	lf_auto_buf text = {0};
	uint8_t hash[LF_SHA256_LEN];
	char digest[7 + 2 * LF_SHA256_LEN + 1] = "sha256:";
	lf_auto_call c = {0};

	lf_json_print(&text, list, 0);
	lf_hash_mem(LF_SHA256, text.p, text.n, hash);
	lf_hex(hash, sizeof(hash), digest + 7);
	const struct lf_registry_manifest m = {
		.media_type = LF_REGISTRY_INDEX, .digest = digest, .bytes = lf_buf_view(&text)};

	return lf_registry_put(r, &m, tag, &c, err);
}

static bool add_to_tag(struct lf_registry *r, const struct lf_registry_referrer *a,
		       struct lf_err *err)
{
	const char *hex = strchr(a->subject, ':') + 1;
	const char *tag = lf_arena_printf(&r->arena, "sha256-%s", hex);
	json_t *list;

	if (!fetch_list(r, lf_registry_path(r, "manifests", tag), &list, err))
		return false;
	if (!list)
		list = new_list();
	bool ok = true;

	if (!lists(list, a->manifest.digest)) {
		json_array_append_new(json_object_get(list, "manifests"), descriptor(a));
		ok = put_list(r, tag, list, err);
	}
	json_decref(list);
	return ok;
}

bool lf_registry_push_referrer(struct lf_registry *r, const struct lf_registry_referrer *a,
			       bool *ret_refused, struct lf_err *err)
{
	lf_auto_call c = {0};

	*ret_refused = false;
	if (!lf_registry_put(r, &a->manifest, a->manifest.digest, &c, err)) {
		const unsigned status = c.t.status;

		*ret_refused = status == 400 || status == 404 || status == 405 || status == 415 ||
			       status == 422;
		return false;
	}
	if (lf_str_is(lf_http_field(&c.t, "OCI-Subject"), a->subject) || api_lists(r, a))
		return true;
	return add_to_tag(r, a, err);
}

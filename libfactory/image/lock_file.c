/*
 * Lock files as text: see lock.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/lock.h"

#include "codec/json.h"
#include "trust/digest.h"
#include "base/banned.h"

void lf_lock_fini(struct lf_lock *lock)
{
	lf_vec_fini(&lock->keys);
	lf_vec_fini(&lock->build_repositories);
	lf_vec_fini(&lock->runtime_repositories);
	lf_vec_fini(&lock->repositories);
	lf_vec_fini(&lock->packages);
}

const char *lf_lock_config_checksum(struct lf_str bytes, struct lf_arena *arena)
{
	uint8_t digest[LF_SHA256_LEN];
	lf_auto_buf text = {0};

	lf_hash_mem(LF_SHA256, bytes.p, bytes.n, digest);
	lf_buf_puts(&text, "sha256-");
	lf_base64(&text, digest, sizeof(digest));
	return lf_arena_strdup(arena, text.p);
}

/* ---- printing ---- */

static void set(json_t *object, const char *key, const char *value)
{
	lf_json_set(object, key, lf_json_text(lf_str(value)));
}

static void set_opt(json_t *object, const char *key, struct lf_str value)
{
	if (value.n)
		lf_json_set(object, key, lf_json_text(value));
}

static json_t *config_json(const struct lf_lock *lock)
{
	json_t *o = json_object();

	set_opt(o, "name", lf_str(lock->config_name));
	set_opt(o, "checksum", lf_str(lock->config_checksum));
	return o;
}

static json_t *keys_json(const struct lf_lock *lock)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lock->keys.n; i++) {
		json_t *o = json_object();

		set(o, "name", lock->keys.v[i].name);
		set(o, "url", lock->keys.v[i].url);
		set_opt(o, "content", lock->keys.v[i].content);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *repositories_json(const struct lf_lock_repositories *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++) {
		json_t *o = json_object();

		set(o, "name", r->v[i].name);
		set(o, "url", r->v[i].url);
		set(o, "architecture", r->v[i].arch);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *part_json(const struct lf_lock_part *part)
{
	json_t *o = json_object();

	set(o, "range", part->range);
	set(o, "checksum", part->checksum);
	return o;
}

static json_t *package_json(const struct lf_lock_package *p)
{
	json_t *o = json_object();

	set(o, "name", p->name);
	set(o, "url", p->url);
	set(o, "version", p->version);
	set(o, "architecture", p->arch);
	lf_json_set(o, "signature", part_json(&p->signature));
	lf_json_set(o, "control", part_json(&p->control));
	lf_json_set(o, "data", part_json(&p->data));
	set(o, "checksum", p->checksum);
	return o;
}

static json_t *contents_json(const struct lf_lock *lock)
{
	json_t *o = json_object(), *packages = json_array();

	lf_json_set(o, "keyring", keys_json(lock));
	lf_json_set(o, "build_repositories", repositories_json(&lock->build_repositories));
	lf_json_set(o, "runtime_repositories", repositories_json(&lock->runtime_repositories));
	lf_json_set(o, "repositories", repositories_json(&lock->repositories));
	for (size_t i = 0; i < lock->packages.n; i++)
		json_array_append_new(packages, package_json(&lock->packages.v[i]));
	lf_json_set(o, "packages", packages);
	return o;
}

void lf_lock_print(struct lf_buf *out, const struct lf_lock *lock)
{
	lf_auto_json *o = json_object();

	set(o, "version", "v1");
	if (lock->has_config)
		lf_json_set(o, "config", config_json(lock));
	lf_json_set(o, "contents", contents_json(lock));
	lf_json_print(out, o, 2);
	lf_buf_putc(out, '\n');
}

/* ---- reading ---- */

struct reading {
	const char *source;
	struct lf_arena *arena;
	struct lf_err *err;
};

static bool mistyped(const struct reading *r, const char *key, const char *want)
{
	return lf_fail_new(r->err, LF_E_FORMAT, "%s: \"%s\" is no %s", r->source, key, want);
}

/* A missing text, or null, is "". */
static bool get(const struct reading *r, const json_t *object, const char *key, const char **ret)
{
	const json_t *v = json_object_get(object, key);

	*ret = "";
	if (!v || json_is_null(v))
		return true;
	if (!json_is_string(v))
		return mistyped(r, key, "text");
	*ret = lf_arena_strdup(r->arena, json_string_value(v));
	return true;
}

/* NULL in *ret when it is not there. */
static bool get_object(const struct reading *r, const json_t *object, const char *key,
		       const json_t **ret)
{
	const json_t *v = json_object_get(object, key);

	*ret = json_is_null(v) ? NULL : v;
	return !*ret || json_is_object(v) || mistyped(r, key, "object");
}

static bool read_part(const struct reading *r, const json_t *package, const char *key,
		      struct lf_lock_part *ret)
{
	const json_t *o;

	return get_object(r, package, key, &o) && get(r, o, "range", &ret->range) &&
	       get(r, o, "checksum", &ret->checksum);
}

static bool read_package(const struct reading *r, const json_t *o, struct lf_lock_package *ret)
{
	if (!json_is_object(o))
		return mistyped(r, "packages", "list of objects");
	return get(r, o, "name", &ret->name) && get(r, o, "url", &ret->url) &&
	       get(r, o, "version", &ret->version) && get(r, o, "architecture", &ret->arch) &&
	       get(r, o, "checksum", &ret->checksum) &&
	       read_part(r, o, "signature", &ret->signature) &&
	       read_part(r, o, "control", &ret->control) && read_part(r, o, "data", &ret->data);
}

static bool read_packages(const struct reading *r, const json_t *contents, struct lf_lock *lock)
{
	const json_t *list = json_object_get(contents, "packages");

	if (list && !json_is_null(list) && !json_is_array(list))
		return mistyped(r, "packages", "list");
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct lf_lock_package p;

		if (!read_package(r, json_array_get(list, i), &p))
			return false;
		lf_vec_push(&lock->packages, p);
	}
	return true;
}

static bool read_lock(const struct reading *r, const json_t *top, struct lf_lock *lock)
{
	const json_t *config, *contents;

	if (!json_is_object(top))
		return lf_fail_new(r->err, LF_E_FORMAT, "%s: no lock file", r->source);
	if (!get_object(r, top, "config", &config) || !get_object(r, top, "contents", &contents))
		return false;
	lock->has_config = config != NULL;
	return get(r, config, "name", &lock->config_name) &&
	       get(r, config, "checksum", &lock->config_checksum) &&
	       read_packages(r, contents, lock);
}

bool lf_lock_parse(struct lf_str text, const char *source, struct lf_arena *arena,
		   struct lf_lock *ret, struct lf_err *err)
{
	const struct reading r = {source, arena, err};
	struct lf_lock lock = {0};
	lf_auto_json *top = lf_json_parse(text, source, err);

	if (!top)
		return false;
	if (!read_lock(&r, top, &lock)) {
		lf_lock_fini(&lock);
		return false;
	}
	*ret = lock;
	return true;
}

/*
 * The JSON of a base image: what is read of it, and how a new image's goes over it. Fields come out
 * in upstream's order whatever the base's order was; those that upstream's library does not know,
 * and empty ones, are lost as they are there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/base_image.h"

#include <string.h>

#include "base/mem.h"
#include "codec/json.h"
#include "base/banned.h"

#define NO_TIME "0001-01-01T00:00:00Z"

static const char *const config_fields[] = {
	"architecture", "author", "container", "created",    "docker_version", "history",
	"os",           "rootfs", "config",    "os.version", "variant",        "os.features",
};

static const char *const run_fields[] = {
	"AttachStderr",    "AttachStdin", "AttachStdout", "Cmd",
	"Healthcheck",     "Domainname",  "Entrypoint",   "Env",
	"Hostname",        "Image",       "Labels",       "OnBuild",
	"OpenStdin",       "StdinOnce",   "Tty",          "User",
	"Volumes",         "WorkingDir",  "ExposedPorts", "ArgsEscaped",
	"NetworkDisabled", "MacAddress",  "StopSignal",   "Shell",
};

static const char *const manifest_fields[] = {
	"schemaVersion", "mediaType", "config", "layers", "annotations", "subject",
};

static const char *const descriptor_fields[] = {
	"mediaType", "size", "digest", "data", "urls", "annotations", "platform", "artifactType",
};

static const char *const history_fields[] = {
	"author", "created", "created_by", "comment", "empty_layer",
};

/* ---- reading ---- */

static json_t *parse(struct lf_str text, const char *what, struct lf_err *err)
{
	json_t *v = lf_json_parse(text, what, err);

	if (v && !json_is_object(v)) {
		json_decref(v);
		v = NULL;
		(void)lf_fail_new(err, LF_E_FORMAT, "%s is no JSON object", what);
	}
	if (!v)
		(void)lf_fail(err, "base image");
	return v;
}

static bool read_digest(const json_t *v, uint8_t ret[LF_SHA256_LEN], struct lf_err *err)
{
	const char *text = json_string_value(v);
	struct lf_str hex = lf_str(text);

	if (lf_str_skip(&hex, "sha256:") && lf_unhex(hex, ret, LF_SHA256_LEN))
		return true;
	return lf_fail_new(err, LF_E_FORMAT, "base image: \"%s\" is no sha256 digest",
			   text ? text : "");
}

static bool read_descriptor(const json_t *d, struct lf_base_blob *ret, struct lf_err *err)
{
	const json_int_t size = json_integer_value(json_object_get(d, "size"));
	const char *type = json_string_value(json_object_get(d, "mediaType"));

	ret->size = size < 0 ? 0 : (uint64_t)size;
	ret->is_index = type && strcmp(type, LF_OCI_INDEX) == 0;
	return read_digest(json_object_get(d, "digest"), ret->digest, err);
}

bool lf_base_manifests(struct lf_str index, struct lf_arena *arena, struct lf_base_blob **ret,
		       size_t *ret_n, struct lf_err *err)
{
	lf_auto_json *v = parse(index, "index", err);
	const json_t *list = json_object_get(v, "manifests");
	size_t n = json_array_size(list);

	if (!v)
		return false;
	*ret = lf_new_n(arena, struct lf_base_blob, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!read_descriptor(json_array_get(list, i), &(*ret)[i], err))
			return false;
	*ret_n = n;
	return true;
}

bool lf_base_config_blob(struct lf_str manifest, struct lf_base_blob *ret, struct lf_err *err)
{
	lf_auto_json *v = parse(manifest, "manifest", err);

	return v && read_descriptor(json_object_get(v, "config"), ret, err);
}

bool lf_base_config_arch(struct lf_str config, struct lf_arena *arena, const char **ret,
			 struct lf_err *err)
{
	lf_auto_json *v = parse(config, "config", err);
	const char *arch = json_string_value(json_object_get(v, "architecture"));

	*ret = lf_arena_strdup(arena, arch ? arch : "");
	return v != NULL;
}

static bool read_layers(const json_t *layers, const json_t *diff_ids, struct lf_layer *ret,
			struct lf_err *err)
{
	for (size_t i = 0; i < json_array_size(layers); i++) {
		struct lf_base_blob blob;

		if (!read_descriptor(json_array_get(layers, i), &blob, err) ||
		    !read_digest(json_array_get(diff_ids, i), ret[i].diff_id, err))
			return false;
		memcpy(ret[i].digest, blob.digest, sizeof(blob.digest));
		ret[i].size = blob.size;
	}
	return true;
}

bool lf_base_layers(struct lf_str manifest, struct lf_str config, struct lf_arena *arena,
		    struct lf_layer **ret, size_t *ret_n, struct lf_err *err)
{
	lf_auto_json *m = parse(manifest, "manifest", err);
	lf_auto_json *c = m ? parse(config, "config", err) : NULL;
	const json_t *layers = json_object_get(m, "layers");
	const json_t *diff_ids = json_object_get(json_object_get(c, "rootfs"), "diff_ids");
	const size_t n = json_array_size(layers);

	if (!c)
		return false;
	if (json_array_size(diff_ids) != n)
		return lf_fail_new(err, LF_E_FORMAT, "base image: %zu layers, but %zu diff_ids", n,
				   json_array_size(diff_ids));
	*ret = lf_new_n(arena, struct lf_layer, n + 1);
	*ret_n = n;
	return read_layers(layers, diff_ids, *ret, err);
}

/* ---- merging ---- */

/* What Go's omitempty leaves out. */
static bool is_empty(const json_t *v)
{
	if (json_is_string(v))
		return json_string_length(v) == 0;
	if (json_is_array(v))
		return json_array_size(v) == 0;
	if (json_is_object(v))
		return json_object_size(v) == 0;
	return !v || json_is_null(v) || json_is_false(v);
}

/* Own fields over the base's, in this order. */
static json_t *merge(const json_t *base, const json_t *own, const char *const *field, size_t n)
{
	json_t *out = json_object();

	for (size_t i = 0; i < n; i++) {
		json_t *v = json_object_get(own, field[i]);

		if (!v)
			v = json_object_get(base, field[i]);
		if (!is_empty(v))
			lf_json_set(out, field[i], json_incref(v));
	}
	return out;
}

#define MERGE(base, own, fields) merge(base, own, fields, LF_ARRAY_LEN(fields))

/* Each item of both lists with the fields that are known. */
static json_t *append(const json_t *base, const json_t *own, const char *const *field, size_t n)
{
	json_t *out = json_array();
	const json_t *const list[] = {base, own};

	for (size_t k = 0; k < LF_ARRAY_LEN(list); k++)
		for (size_t i = 0; i < json_array_size(list[k]); i++)
			json_array_append_new(out,
					      merge(NULL, json_array_get(list[k], i), field, n));
	return out;
}

#define APPEND(base, own, fields) append(base, own, fields, LF_ARRAY_LEN(fields))

/* compat: a history without a time has Go's first one. */
static void date_history(const json_t *base)
{
	for (size_t i = 0; i < json_array_size(base); i++) {
		json_t *item = json_array_get(base, i);

		if (json_is_object(item) && !json_object_get(item, "created"))
			lf_json_set_str(item, "created", NO_TIME);
	}
}

static void append_layers(const json_t *base, json_t *own)
{
	const json_t *first = json_object_get(json_object_get(base, "rootfs"), "diff_ids");
	json_t *all = json_array(), *rootfs = json_object_get(own, "rootfs");

	(void)json_array_extend(all, (json_t *)(uintptr_t)first);
	(void)json_array_extend(all, json_object_get(rootfs, "diff_ids"));
	lf_json_set(rootfs, "diff_ids", all);
}

static json_t *merge_config(json_t *base, json_t *own)
{
	json_t *history = json_object_get(base, "history");

	date_history(history);
	lf_json_set(own, "history",
		    APPEND(history, json_object_get(own, "history"), history_fields));
	append_layers(base, own);
	lf_json_set(
		own, "config",
		MERGE(json_object_get(base, "config"), json_object_get(own, "config"), run_fields));
	/* The architecture is wholly the new image's. */
	(void)json_object_del(base, "variant");
	return MERGE(base, own, config_fields);
}

bool lf_base_merge_config(struct lf_str base, struct lf_str own, struct lf_buf *out,
			  struct lf_err *err)
{
	lf_auto_json *b = parse(base, "config", err);
	lf_auto_json *o = b ? parse(own, "own config", err) : NULL;

	if (!o)
		return false;
	lf_auto_json *merged = merge_config(b, o);

	lf_json_print(out, merged, 0);
	return true;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Both, by key. */
static json_t *merge_annotations(json_t *base, json_t *own)
{
	lf_auto_json *all = json_object();
	lf_auto_strv keys = {0};
	json_t *out = json_object(), *v;
	const char *key;

	(void)json_object_update(all, base);
	(void)json_object_update(all, own);
	json_object_foreach(all, key, v) lf_strv_add(&keys, key);
	lf_vec_sort(&keys, by_key);
	for (size_t i = 0; i < keys.n; i++)
		lf_json_set(out, keys.v[i], json_incref(json_object_get(all, keys.v[i])));
	return out;
}

static json_t *merge_manifest(json_t *base, json_t *own)
{
	json_t *annotations = merge_annotations(json_object_get(base, "annotations"),
						json_object_get(own, "annotations"));

	lf_json_set(own, "annotations", annotations);
	lf_json_set(own, "config",
		    MERGE(json_object_get(base, "config"), json_object_get(own, "config"),
			  descriptor_fields));
	lf_json_set(own, "layers",
		    APPEND(json_object_get(base, "layers"), json_object_get(own, "layers"),
			   descriptor_fields));
	return MERGE(base, own, manifest_fields);
}

bool lf_base_merge_manifest(struct lf_str base, struct lf_str own, struct lf_buf *out,
			    struct lf_err *err)
{
	lf_auto_json *b = parse(base, "manifest", err);
	lf_auto_json *o = b ? parse(own, "own manifest", err) : NULL;

	if (!o)
		return false;
	lf_auto_json *merged = merge_manifest(b, o);

	lf_json_print(out, merged, 0);
	return true;
}

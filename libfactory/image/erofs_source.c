/*
 * Finds the EROFS layers that a source names: the file itself, or by way of an OCI layout's index,
 * the manifest for an architecture (and a tag) and its list of layers. Indexes and manifests are
 * checked against their digests; a digest names the blob, so no path of the layout's is believed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/erofs_source.h"

#include <string.h>

#include "apk/arch.h"
#include "base/fs.h"
#include "base/vec.h"
#include "codec/json.h"
#include "image/oci.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_JSON  (8u << 20)
#define MAX_LEVEL 4 /* indexes in indexes */

struct layout {
	const char *dir;
	const char *tag; /* "" for any */
	const char *oci_arch, *variant;
	struct lf_arena *arena;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

/* ---- blobs ---- */

static const char *blob_path(const struct layout *l, const json_t *descriptor,
			     uint8_t digest[LF_SHA256_LEN], struct lf_err *err)
{
	const char *text = text_of(descriptor, "digest");
	struct lf_str hex = lf_str(text);
	char clean[2 * LF_SHA256_LEN + 1];

	if (!lf_str_skip(&hex, "sha256:") || !lf_unhex(hex, digest, LF_SHA256_LEN)) {
		(void)lf_fail_new(err, LF_E_FORMAT, "%s: not a sha256 digest: \"%s\"", l->dir,
				  text);
		return NULL;
	}
	lf_hex(digest, LF_SHA256_LEN, clean);
	return lf_arena_printf(l->arena, "%s/blobs/sha256/%s", l->dir, clean);
}

static json_t *read_blob(const struct layout *l, const json_t *descriptor, struct lf_err *err)
{
	uint8_t want[LF_SHA256_LEN], got[LF_SHA256_LEN];
	const char *path = blob_path(l, descriptor, want, err);
	lf_auto_buf text = {0};

	if (!path || !lf_read_file(path, MAX_JSON, &text, err))
		return NULL;
	lf_hash_mem(LF_SHA256, text.p, text.n, got);
	if (memcmp(got, want, sizeof(got)) != 0) {
		(void)lf_fail_new(err, LF_E_SIGNATURE, "%s: its digest is another", path);
		return NULL;
	}
	return lf_json_parse(lf_buf_view(&text), path, err);
}

/* ---- the manifest ---- */

static bool is_wanted(const struct layout *l, const json_t *descriptor, bool any_tag)
{
	const json_t *platform = json_object_get(descriptor, "platform");
	const char *tag = text_of(json_object_get(descriptor, "annotations"),
				  "org.opencontainers.image.ref.name");

	if (!any_tag && *l->tag && strcmp(tag, l->tag) != 0)
		return false;
	if (strcmp(text_of(descriptor, "mediaType"), LF_OCI_INDEX) == 0 || !platform)
		return true;
	return strcmp(text_of(platform, "architecture"), l->oci_arch) == 0 &&
	       strcmp(text_of(platform, "variant"), l->variant) == 0;
}

/* The tag stands in the outermost index; one without it is for all. */
static json_t *find_manifest(const struct layout *l, const json_t *index, unsigned level,
			     struct lf_err *err)
{
	const json_t *d;
	size_t i;

	json_array_foreach(json_object_get(index, "manifests"), i, d)
	{
		lf_auto_json *nested = NULL;

		if (!is_wanted(l, d, level > 0))
			continue;
		nested = read_blob(l, d, err);
		if (!nested)
			return NULL;
		if (strcmp(text_of(d, "mediaType"), LF_OCI_INDEX) != 0)
			return json_incref(nested);
		if (level + 1 < MAX_LEVEL)
			return find_manifest(l, nested, level + 1, err);
	}
	(void)lf_fail_new(err, LF_E_NOT_FOUND, "%s: no image for %s%s%s%s%s", l->dir, l->oci_arch,
			  *l->variant ? "/" : "", l->variant, *l->tag ? " with the tag " : "",
			  l->tag);
	return NULL;
}

static bool add_layer(const struct layout *l, const json_t *d, struct lf_strv *ret,
		      struct lf_err *err)
{
	const char *role = text_of(json_object_get(d, "annotations"), "org.erofs.role");
	uint8_t digest[LF_SHA256_LEN];

	if (strcmp(text_of(d, "mediaType"), LF_OCI_EROFS) != 0)
		return lf_fail_new(err, LF_E_FORMAT, "%s: layer %zu is not erofs but %s", l->dir,
				   ret->n, text_of(d, "mediaType"));
	if (*role && strcmp(role, "overlay-lower") != 0)
		return lf_fail_new(err, LF_E_FORMAT, "%s: layer %zu has the unknown role \"%s\"",
				   l->dir, ret->n, role);
	const char *path = blob_path(l, d, digest, err);

	if (path)
		lf_strv_add(ret, path);
	return path;
}

static bool add_layers(const struct layout *l, const json_t *manifest, struct lf_strv *ret,
		       struct lf_err *err)
{
	const json_t *d;
	size_t i;

	json_array_foreach(json_object_get(manifest, "layers"), i,
			   d) if (!add_layer(l, d, ret, err)) return false;
	return ret->n || lf_fail_new(err, LF_E_FORMAT, "%s: the image has no layers", l->dir);
}

static bool find_in_layout(struct layout *l, const char *arch, struct lf_strv *ret,
			   struct lf_err *err)
{
	const struct lf_arch *a = strcmp(arch, "host") == 0 ? lf_arch_host() : lf_arch_find(arch);
	const char *path = lf_arena_printf(l->arena, "%s/index.json", l->dir);
	lf_auto_buf text = {0};
	lf_auto_json *index = NULL, *manifest = NULL;

	l->oci_arch = a ? a->oci_arch : arch;
	l->variant = a ? a->oci_variant : "";
	if (!lf_read_file(path, MAX_JSON, &text, err))
		return false;
	index = lf_json_parse(lf_buf_view(&text), path, err);
	if (!index)
		return false;
	manifest = find_manifest(l, index, 0, err);
	return manifest && add_layers(l, manifest, ret, err);
}

/* ---- what a source means ---- */

static bool is_layout(const char *dir, struct lf_arena *arena)
{
	return lf_exists(lf_arena_printf(arena, "%s/oci-layout", dir));
}

/* DIR or DIR:TAG */
static void split_tag(struct layout *l, struct lf_str text)
{
	const ptrdiff_t colon = lf_str_rfind(text, ':');

	l->dir = lf_arena_str(l->arena, text);
	l->tag = "";
	if (colon < 0 || lf_exists(l->dir))
		return;
	l->dir = lf_arena_str(l->arena, lf_str_sub(text, 0, (size_t)colon));
	l->tag = lf_arena_str(l->arena, lf_str_sub(text, (size_t)colon + 1, text.n));
}

bool lf_erofs_find_layers(const char *source, const char *arch, struct lf_arena *arena,
			  struct lf_erofs_layers *ret, struct lf_err *err)
{
	struct lf_str rest = lf_str(source);
	struct layout l = {.arena = arena};
	const bool blob = lf_str_skip(&rest, "erofs:");
	const bool layout = !blob && (lf_str_skip(&rest, "oci:") || lf_str_skip(&rest, "oci-dir:"));

	split_tag(&l, rest);
	if (blob || (!layout && lf_exists(rest.p) && !lf_is_dir(rest.p))) {
		lf_strv_add(&ret->paths, lf_arena_str(arena, rest));
		return lf_exists(rest.p) ||
		       lf_fail_new(err, LF_E_NOT_FOUND, "source \"%s\": not found", source);
	}
	if (!lf_exists(l.dir))
		return lf_fail_new(err, LF_E_NOT_FOUND, "source \"%s\": not found", source);
	if (!is_layout(l.dir, arena))
		return lf_fail_new(err, LF_E_FORMAT,
				   "source \"%s\": neither an erofs image nor an OCI layout",
				   source);
	ret->is_layout = true;
	return find_in_layout(&l, arch, &ret->paths, err);
}

/*
 * Finds the EROFS layers that a source names: the file itself, or by way of an OCI layout's index,
 * the manifest for an architecture (and a tag) and its list of layers. Indexes and manifests are
 * checked against their digests; a digest names the blob, so no path of the layout's is believed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/erofs_source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apk/arch.h"
#include "base/fs.h"
#include "base/vec.h"
#include "codec/json.h"
#include "image/oci.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_JSON  (8u << 20)
#define MAX_LEVEL 4 /* indexes in indexes */
#define TAG       "org.opencontainers.image.ref.name"

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

static const char *tag_of(const json_t *descriptor)
{
	return text_of(json_object_get(descriptor, "annotations"), TAG);
}

static bool is_index(const json_t *descriptor)
{
	return strcmp(text_of(descriptor, "mediaType"), LF_OCI_INDEX) == 0;
}

static bool fits(const struct layout *l, const json_t *descriptor)
{
	const json_t *platform = json_object_get(descriptor, "platform");
	const char *arch = text_of(platform, "architecture");

	return !*arch || (strcmp(arch, l->oci_arch) == 0 &&
			  strcmp(text_of(platform, "variant"), l->variant) == 0);
}

/* ", "-separated: the tags that there are, or the architectures. */
static const char *list_all(const struct layout *l, const json_t *manifests, bool tags)
{
	const char *all = "";
	const json_t *d;
	size_t i;

	json_array_foreach(manifests, i, d)
	{
		const char *arch = text_of(json_object_get(d, "platform"), "architecture");
		const char *text = tags ? tag_of(d) : *arch ? arch : "(none)";

		if (*text)
			all = lf_arena_printf(l->arena, "%s%s%s", all, *all ? ", " : "", text);
	}
	return *all ? all : "(none set)";
}

/* Those with the tag, or all; a new reference. */
static json_t *filter_by_tag(const struct layout *l, json_t *manifests, struct lf_err *err)
{
	json_t *found = json_array(), *d;
	size_t i;

	json_array_foreach(manifests, i, d) if (!*l->tag || strcmp(tag_of(d), l->tag) == 0)
		json_array_append(found, d);
	if (json_array_size(found) || !*l->tag)
		return found;
	json_decref(found);
	(void)lf_fail_new(err, LF_E_NOT_FOUND, "no manifest with " TAG "=\"%s\" (available: %s)",
			  l->tag, list_all(l, manifests, true));
	return NULL;
}

static const json_t *find_image(const struct layout *l, const json_t *eligible, struct lf_err *err)
{
	const json_t *found = NULL, *d;
	size_t i, images = 0;

	json_array_foreach(eligible, i, d)
	{
		if (is_index(d) || ++images == 0 || !fits(l, d))
			continue;
		if (found) {
			(void)lf_fail_new(err, LF_E_USAGE,
					  "multiple manifests match arch=\"%s\"; name a tag as "
					  "SOURCE:TAG to disambiguate (available: %s)",
					  l->oci_arch, list_all(l, eligible, true));
			return NULL;
		}
		found = d;
	}
	if (!images)
		(void)lf_fail_new(err, LF_E_NOT_FOUND,
				  "no image manifest in index (saw %zu entries)",
				  json_array_size(eligible));
	else if (!found)
		(void)lf_fail_new(err, LF_E_NOT_FOUND, "no manifest for arch=\"%s\" (saw: %s)",
				  l->oci_arch, list_all(l, eligible, false));
	return found;
}

/* The tag stands in the outermost index. A single index in it is looked into. */
static json_t *find_manifest(struct layout *l, const json_t *index, unsigned level,
			     struct lf_err *err)
{
	lf_auto_json *eligible = filter_by_tag(l, json_object_get(index, "manifests"), err);
	const json_t *d = json_array_get(eligible, 0);

	if (!eligible)
		return NULL;
	if (json_array_size(eligible) == 1 && is_index(d) && level < MAX_LEVEL) {
		lf_auto_json *nested = read_blob(l, d, err);

		l->tag = "";
		return nested ? find_manifest(l, nested, level + 1, err) : NULL;
	}
	d = find_image(l, eligible, err);
	return d ? read_blob(l, d, err) : NULL;
}

static bool check_layer(const json_t *d, size_t number, struct lf_err *err)
{
	const char *role = text_of(json_object_get(d, "annotations"), "org.erofs.role");
	const char *type = text_of(d, "mediaType");
	struct lf_str codec = lf_str(type);

	if (lf_str_skip(&codec, LF_OCI_EROFS "+") && codec.n)
		return lf_fail_new(err, LF_E_FORMAT,
				   "layer %zu is a %s-compressed EROFS layer (mediaType \"%s\"), "
				   "which apko cannot read yet",
				   number, codec.p, type);
	if (strcmp(type, LF_OCI_EROFS) != 0)
		return lf_fail_new(err, LF_E_FORMAT,
				   "layer %zu has mediaType \"%s\"; expected \"" LF_OCI_EROFS
				   "\" (this command only handles EROFS images)",
				   number, type);
	if (strcmp(role, "device") == 0 || strcmp(role, "overlay-data") == 0)
		return lf_fail_new(err, LF_E_FORMAT,
				   "layer %zu has org.erofs.role=%s, which is not supported yet "
				   "(only overlay lowers are)",
				   number, role);
	if (*role && strcmp(role, "overlay-lower") != 0)
		return lf_fail_new(err, LF_E_FORMAT, "layer %zu has unknown org.erofs.role=\"%s\"",
				   number, role);
	return true;
}

static bool add_layer(const struct layout *l, const json_t *d, struct lf_strv *ret,
		      struct lf_err *err)
{
	uint8_t digest[LF_SHA256_LEN];
	const char *path = NULL;

	if (!check_layer(d, ret->n, err))
		return false;
	path = blob_path(l, d, digest, err);
	if (!path)
		return false;
	if (access(path, F_OK) < 0)
		return lf_fail_errno(err, "layer %zu blob %s", ret->n, path);
	lf_strv_add(ret, path);
	return true;
}

static bool add_layers(const struct layout *l, const json_t *manifest, struct lf_strv *ret,
		       struct lf_err *err)
{
	const json_t *layers = json_object_get(manifest, "layers"), *d;
	size_t i;

	json_array_foreach(layers, i, d) if (!add_layer(l, d, ret, err)) return false;
	return ret->n ||
	       lf_fail_new(err, LF_E_FORMAT, "oci layout %s: image has no layers", l->dir);
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
		return lf_fail(err, "open oci layout %s", l->dir);
	index = lf_json_parse(lf_buf_view(&text), path, err);
	if (!index)
		return lf_fail(err, "open oci layout %s", l->dir);
	manifest = find_manifest(l, index, 0, err);
	if (!manifest)
		return lf_fail(err, "oci layout %s", l->dir);
	return add_layers(l, manifest, ret, err);
}

bool lf_erofs_find_layers(const struct lf_erofs_source_name *source, const char *arch,
			  struct lf_arena *arena, struct lf_strv *ret, struct lf_err *err)
{
	struct layout l = {.dir = source->path, .tag = source->tag, .arena = arena};

	if (source->is_layout)
		return find_in_layout(&l, arch, ret, err);
	lf_strv_add(ret, source->path);
	return true;
}

/* ---- what a source means ---- */

enum wish { ANY, BLOB, LAYOUT };

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* DIR or DIR:TAG */
static void split_tag(struct lf_str text, struct lf_arena *arena, struct lf_erofs_source_name *ret)
{
	const ptrdiff_t colon = lf_str_rfind(text, ':');

	ret->path = lf_arena_str(arena, text);
	ret->tag = "";
	if (colon <= 0 || lf_exists(ret->path))
		return;
	ret->path = lf_arena_str(arena, lf_str_sub(text, 0, (size_t)colon));
	ret->tag = lf_arena_str(arena, lf_str_sub(text, (size_t)colon + 1, text.n));
}

static bool check_type(const struct lf_erofs_source_name *s, enum wish wish, struct lf_err *err)
{
	const bool dir = lf_is_dir(s->path);

	if (!lf_exists(s->path))
		return wish == ANY ? lf_fail_new(err, LF_E_NOT_FOUND, "not found")
				   : lf_fail_new(err, LF_E_NOT_FOUND,
						 "stat %s: no such file or directory", s->path);
	if (wish == BLOB && !is_file(s->path))
		return lf_fail_new(err, LF_E_USAGE,
				   "%s is not a regular file (erofs: requires a blob file)",
				   s->path);
	if (wish == LAYOUT && !dir)
		return lf_fail_new(err, LF_E_USAGE,
				   "%s is not a directory (oci-dir: requires an OCI image layout)",
				   s->path);
	return dir || is_file(s->path) ||
	       lf_fail_new(err, LF_E_USAGE, "%s is not a regular file or directory", s->path);
}

static bool check_layout(const struct lf_erofs_source_name *s, enum wish wish,
			 struct lf_arena *arena, struct lf_err *err)
{
	if (!lf_is_dir(s->path))
		return !*s->tag || lf_fail_new(err, LF_E_USAGE,
					       "%s is a file; a :tag selector is only meaningful "
					       "for an OCI layout",
					       s->path);
	return is_file(lf_arena_printf(arena, "%s/oci-layout", s->path)) ||
	       lf_fail_new(err, LF_E_FORMAT, "%s is %s an OCI image layout (no `oci-layout` file)",
			   s->path, wish == ANY ? "a directory but not" : "not");
}

bool lf_erofs_parse_source(const char *source, struct lf_arena *arena,
			   struct lf_erofs_source_name *ret, struct lf_err *err)
{
	struct lf_str rest = lf_str(source);
	lf_auto_free char *path = NULL;
	enum wish wish = ANY;

	if (!*source)
		return lf_fail_new(err, LF_E_USAGE, "empty source spec");
	if (lf_str_skip(&rest, "erofs:"))
		wish = BLOB;
	else if (lf_str_skip(&rest, "oci-dir:") || lf_str_skip(&rest, "oci:"))
		wish = LAYOUT;
	if (wish == BLOB)
		*ret = (struct lf_erofs_source_name){.path = rest.p, .tag = ""};
	else
		split_tag(rest, arena, ret);
	if (wish == ANY && rest.n > 1 && rest.p[rest.n - 1] == ':' && !lf_exists(source))
		return lf_fail_new(err, LF_E_USAGE, "source \"%s\": empty tag after \":\"", source);
	if (!check_type(ret, wish, err) || !check_layout(ret, wish, arena, err))
		return lf_fail(err, "source \"%s\"", source);
	ret->is_layout = lf_is_dir(ret->path);
	path = lf_path_abs(ret->path, err);
	ret->path = path ? lf_arena_strdup(arena, path) : "";
	return path;
}

/*
 * OCI values: see oci.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/oci.h"

#include <string.h>

#include "base/vec.h"
#include "codec/json.h"
#include "image/image.h"
#include "base/banned.h"

#define ANNOTATION "org.opencontainers.image."

void lf_oci_digest(const uint8_t digest[LF_SHA256_LEN], char out[LF_OCI_DIGEST_MAX])
{
	memcpy(out, "sha256:", 7);
	lf_hex(digest, LF_SHA256_LEN, out + 7);
}

bool lf_oci_is_erofs(const struct lf_image_config *c)
{
	return strcmp(c->format, "erofs") == 0;
}

const char *lf_oci_layer_type(const struct lf_image_config *c)
{
	return lf_oci_is_erofs(c) ? LF_OCI_EROFS : LF_OCI_LAYER;
}

void lf_oci_annotations(const struct lf_image_config *c, struct lf_moment created,
			struct lf_arena *arena, struct lf_pairs *ret)
{
	char date[LF_DATE_MAX];
	struct lf_str url = lf_str(c->vcs_url), rest = url;

	for (size_t i = 0; i < c->annotations.n; i++)
		lf_pairs_set(ret, arena, c->annotations.v[i].key, c->annotations.v[i].value);
	url = lf_str_cut(&rest, '@');
	if (rest.p) {
		lf_pairs_set(ret, arena, ANNOTATION "source", lf_arena_str(arena, url));
		lf_pairs_set(ret, arena, ANNOTATION "revision", lf_arena_str(arena, rest));
	}
	lf_moment_print(created, date);
	lf_pairs_set(ret, arena, ANNOTATION "created", lf_arena_strdup(arena, date));
	lf_pairs_sort(ret);
}

static json_t *annotation_map(const struct lf_image_config *c, struct lf_moment created)
{
	lf_auto_arena arena = {0};
	struct lf_pairs pairs = {0};
	json_t *map = json_object();

	lf_oci_annotations(c, created, &arena, &pairs);
	for (size_t i = 0; i < pairs.n; i++)
		lf_json_set(map, pairs.v[i].key, lf_json_text(lf_str(pairs.v[i].value)));
	lf_vec_fini(&pairs);
	return map;
}

/* ---- config ---- */

static bool add_words(json_t *object, const char *key, const char *command, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_strv words = {0};
	json_t *list = json_array();
	bool ok = lf_shell_split(command, &arena, &words, err);

	for (size_t i = 0; i < words.n; i++)
		json_array_append_new(list, lf_json_text(lf_str(words.v[i])));
	lf_json_opt(object, key, list);
	return ok;
}

static bool add_entrypoint(json_t *object, const struct lf_image_config *c, struct lf_err *err)
{
	json_t *list;

	if (!*c->entrypoint.shell_fragment)
		return add_words(object, "Entrypoint", c->entrypoint.command, err) ||
		       lf_fail(err, "unable to parse entrypoint command");
	list = json_array();
	json_array_append_new(list, json_string("/bin/sh"));
	json_array_append_new(list, json_string("-c"));
	json_array_append_new(list, lf_json_text(lf_str(c->entrypoint.shell_fragment)));
	lf_json_set(object, "Entrypoint", list);
	return true;
}

static void add_environment(json_t *object, const struct lf_image_config *c)
{
	static const struct lf_pair defaults[] = {
		{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/bin"},
		{"SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"},
	};
	lf_auto_arena arena = {0};
	lf_auto_strv env = {0};
	json_t *list = json_array();

	for (size_t i = 0; i < c->environment.n; i++)
		lf_strv_add(&env, lf_arena_printf(&arena, "%s=%s", c->environment.v[i].key,
						  c->environment.v[i].value));
	for (size_t i = 0; i < LF_ARRAY_LEN(defaults); i++)
		if (!lf_pairs_get(&c->environment, defaults[i].key))
			lf_strv_add(&env, lf_arena_printf(&arena, "%s=%s", defaults[i].key,
							  defaults[i].value));
	lf_strv_sort(&env);
	for (size_t i = 0; i < env.n; i++)
		json_array_append_new(list, lf_json_text(lf_str(env.v[i])));
	lf_json_set(object, "Env", list);
}

static void add_volumes(json_t *object, const struct lf_image_config *c)
{
	lf_auto_strv volumes = lf_strv_union(&c->volumes, NULL);
	json_t *map = json_object();

	for (size_t i = 0; i < volumes.n; i++)
		lf_json_set(map, volumes.v[i], json_object());
	lf_json_opt(object, "Volumes", map);
}

static bool add_run_config(json_t *image, const struct lf_image_config *c, struct lf_moment created,
			   struct lf_err *err)
{
	json_t *object = json_object();

	lf_json_set(image, "config", object);
	if (*c->cmd && !add_words(object, "Cmd", c->cmd, err))
		return lf_fail(err, "unable to parse cmd");
	if (!add_entrypoint(object, c, err))
		return false;
	add_environment(object, c);
	lf_json_opt(object, "Labels", annotation_map(c, created));
	lf_json_opt_str(object, "User", c->accounts.run_as);
	add_volumes(object, c);
	lf_json_opt_str(object, "WorkingDir", c->work_dir);
	lf_json_opt_str(object, "StopSignal", c->stop_signal);
	return true;
}

static void add_history(json_t *image, const struct lf_image_config *c, const char *date, size_t n)
{
	const char *title = lf_pairs_get(&c->annotations, ANNOTATION "title");
	const char *vendor = lf_pairs_get(&c->annotations, ANNOTATION "vendor");
	lf_auto_buf comment = {0};
	json_t *list = json_array();

	if (title && vendor && *title && *vendor)
		lf_buf_printf(&comment, "%s by %s", title, vendor);
	else if (n == 1)
		lf_buf_puts(&comment, "This is an apko single-layer image");
	for (size_t i = 0; i < n; i++) {
		json_t *item = json_object();

		lf_json_set_str(item, "author", "apko");
		lf_json_set_str(item, "created", date);
		lf_json_set_str(item, "created_by", "apko");
		if (comment.n)
			lf_json_set(item, "comment", lf_json_text(lf_buf_view(&comment)));
		json_array_append_new(list, item);
	}
	lf_json_set(image, "history", list);
}

static json_t *rootfs(const struct lf_layer *layer, size_t n)
{
	json_t *object = json_object(), *list = json_array();
	char digest[LF_OCI_DIGEST_MAX];

	lf_json_set_str(object, "type", "layers");
	for (size_t i = 0; i < n; i++) {
		lf_oci_digest(layer[i].diff_id, digest);
		json_array_append_new(list, json_string(digest));
	}
	lf_json_set(object, "diff_ids", list);
	return object;
}

static void add_features(json_t *object, const struct lf_image_config *c)
{
	if (lf_oci_is_erofs(c))
		lf_json_set(object, "os.features", json_pack("[s]", c->format));
}

/* Unknown architectures pass through: they are all architecture and no variant. */
static const char *arch_part(const char *oci, const char **ret_variant)
{
	const struct lf_arch *a = lf_arch_find(oci);

	*ret_variant = a ? a->oci_variant : "";
	return a ? a->oci_arch : oci;
}

bool lf_oci_print_config(struct lf_buf *out, const struct lf_image_config *c, const char *oci_arch,
			 struct lf_moment created, const struct lf_layer *layer, size_t n_layers,
			 struct lf_err *err)
{
	char date[LF_DATE_MAX];
	const char *variant;
	lf_auto_json *image = json_object();

	lf_moment_print(created, date);
	lf_json_set_str(image, "architecture", arch_part(oci_arch, &variant));
	lf_json_set_str(image, "author", "github.com/chainguard-dev/apko");
	lf_json_set_str(image, "created", date);
	add_history(image, c, date, n_layers);
	lf_json_set_str(image, "os", "linux");
	lf_json_set(image, "rootfs", rootfs(layer, n_layers));
	if (!add_run_config(image, c, created, err))
		return false;
	lf_json_opt_str(image, "variant", variant);
	add_features(image, c);
	lf_json_print(out, image, 0);
	return true;
}

/* ---- manifest and index ---- */

static json_t *descriptor(const char *media_type, uint64_t size,
			  const uint8_t digest[LF_SHA256_LEN])
{
	json_t *d = json_object();
	char text[LF_OCI_DIGEST_MAX];

	lf_oci_digest(digest, text);
	lf_json_set_str(d, "mediaType", media_type);
	lf_json_set(d, "size", json_integer((json_int_t)size));
	lf_json_set_str(d, "digest", text);
	return d;
}

void lf_oci_print_manifest(struct lf_buf *out, const struct lf_image_config *c,
			   const struct lf_oci_image *image)
{
	lf_auto_json *m = json_object();
	json_t *layers = json_array();

	lf_json_set(m, "schemaVersion", json_integer(2));
	lf_json_set_str(m, "mediaType", LF_OCI_MANIFEST);
	lf_json_set(m, "config", descriptor(LF_OCI_CONFIG, image->config.n, image->config_digest));
	for (size_t i = 0; i < image->n_layers; i++)
		json_array_append_new(layers, descriptor(lf_oci_layer_type(c), image->layer[i].size,
							 image->layer[i].digest));
	lf_json_set(m, "layers", layers);
	lf_json_opt(m, "annotations", annotation_map(c, image->created));
	lf_json_print(out, m, 0);
}

static json_t *index_entry(const struct lf_image_config *c, const struct lf_oci_image *image)
{
	json_t *d = descriptor(LF_OCI_MANIFEST, image->manifest.n, image->manifest_digest);
	json_t *platform = json_object();
	const char *variant;

	lf_json_set_str(platform, "architecture", arch_part(image->oci, &variant));
	lf_json_set_str(platform, "os", "linux");
	add_features(platform, c);
	lf_json_opt_str(platform, "variant", variant);
	lf_json_set(d, "platform", platform);
	/* compat: upstream's registry library adds it to every descriptor. */
	lf_json_set_str(d, "artifactType", LF_OCI_CONFIG);
	return d;
}

void lf_oci_print_index(struct lf_buf *out, const struct lf_image_config *c,
			struct lf_moment created, const struct lf_oci_image *image, size_t n)
{
	lf_auto_json *index = json_object();
	json_t *manifests = json_array();

	lf_json_set(index, "schemaVersion", json_integer(2));
	lf_json_set_str(index, "mediaType", LF_OCI_INDEX);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(manifests, index_entry(c, &image[i]));
	lf_json_set(index, "manifests", manifests);
	lf_json_opt(index, "annotations", annotation_map(c, created));
	lf_json_print(out, index, 0);
}

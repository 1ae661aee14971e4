/*
 * SBOMs as referrers: for each image and the index an artifact manifest with the document as its
 * only layer, whose subject is what the document describes. The same image gives the same
 * manifests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/publish.h"

#include <string.h>

#include "base/fs.h"
#include "codec/json.h"
#include "image/sbom.h"
#include "base/banned.h"

#define SPDX     "application/spdx+json"
#define EMPTY    "application/vnd.oci.empty.v1+json"
#define CREATED  "org.opencontainers.image.created"
#define TITLE    "org.opencontainers.image.title"
#define MAX_SBOM ((size_t)256 << 20)

/* Something that has a SBOM. */
struct subject {
	const char *media_type, *digest, *path; /* of the SBOM */
	uint64_t size;
	struct lf_moment created;
};

static json_t *descriptor(const char *media_type, const char *digest, uint64_t size)
{
	json_t *d = json_object();

	lf_json_set_str(d, "mediaType", media_type);
	lf_json_set_str(d, "digest", digest);
	lf_json_set(d, "size", json_integer((json_int_t)size));
	return d;
}

static json_t *annotation(const char *key, const char *value)
{
	json_t *map = json_object();

	lf_json_set_str(map, key, value);
	return map;
}

/* What stands for a configuration where there is none: "{}". */
static json_t *empty_config(const char *digest)
{
	json_t *d = descriptor(EMPTY, digest, 2);

	lf_json_set_str(d, "data", "e30=");
	return d;
}

static void print_manifest(struct lf_buf *out, const struct subject *s, const char *created,
			   const struct lf_registry_blob blob[2])
{
	lf_auto_json *m = json_object();
	json_t *layers = json_array(), *layer = descriptor(SPDX, blob[1].digest, blob[1].size);

	lf_json_set(layer, "annotations", annotation(TITLE, strrchr(s->path, '/') + 1));
	json_array_append_new(layers, layer);
	lf_json_set(m, "schemaVersion", json_integer(2));
	lf_json_set_str(m, "mediaType", LF_OCI_MANIFEST);
	lf_json_set_str(m, "artifactType", SPDX);
	lf_json_set(m, "config", empty_config(blob[0].digest));
	lf_json_set(m, "layers", layers);
	lf_json_set(m, "subject", descriptor(s->media_type, s->digest, s->size));
	lf_json_set(m, "annotations", annotation(CREATED, created));
	lf_json_print(out, m, 0);
}

static void digest_of(struct lf_str bytes, char out[LF_OCI_DIGEST_MAX])
{
	uint8_t hash[LF_SHA256_LEN];

	lf_hash_mem(LF_SHA256, bytes.p, bytes.n, hash);
	lf_oci_digest(hash, out);
}

static bool attach(struct lf_registry *r, const struct subject *s, bool *ret_refused,
		   struct lf_err *err)
{
	char empty[LF_OCI_DIGEST_MAX], sbom[LF_OCI_DIGEST_MAX], digest[LF_OCI_DIGEST_MAX],
		created[LF_DATE_MAX];
	lf_auto_buf text = {0}, manifest = {0};

	if (!lf_read_file(s->path, MAX_SBOM, &text, err))
		return false;
	digest_of(LF_STR("{}"), empty);
	digest_of(lf_buf_view(&text), sbom);
	lf_moment_print(s->created, created);
	const struct lf_registry_blob blob[2] = {
		{.digest = empty, .size = 2, .bytes = LF_STR("{}")},
		{.digest = sbom, .size = text.n, .bytes = lf_buf_view(&text)},
	};

	print_manifest(&manifest, s, created, blob);
	digest_of(lf_buf_view(&manifest), digest);
	const struct lf_registry_referrer a = {
		.manifest = {.media_type = LF_OCI_MANIFEST,
			     .digest = digest,
			     .bytes = lf_buf_view(&manifest)},
		.subject = s->digest,
		.artifact_type = SPDX,
		.created = created,
	};

	return lf_registry_push_blobs(r, blob, 2, err) &&
	       lf_registry_push_referrer(r, &a, ret_refused, err);
}

/* The i-th SBOM belongs to the i-th image, the last one to the index. */
static void find_subject(const struct lf_publish *p, size_t i, char digest[LF_OCI_DIGEST_MAX],
			 struct subject *ret)
{
	const struct lf_image_build *b = &p->build;

	*ret = (struct subject){.media_type = LF_OCI_INDEX,
				.digest = p->index_digest,
				.path = b->sboms.v[i],
				.size = b->index.n,
				.created = b->created};
	if (i == b->n)
		return;
	lf_oci_digest(b->image[i].manifest_digest, digest);
	ret->media_type = LF_OCI_MANIFEST;
	ret->digest = digest;
	ret->size = b->image[i].manifest.n;
	ret->created = b->image[i].created;
}

bool lf_publish_sboms(struct lf_publish *p, struct lf_registry *r, struct lf_err *err)
{
	const struct lf_ctx *ctx = p->build.setup.run.ctx;

	if (p->o->attach_sboms == LF_ATTACH_NEVER)
		return true;
	for (size_t i = 0; i < p->build.sboms.n; i++) {
		char digest[LF_OCI_DIGEST_MAX];
		struct subject s;
		bool refused = false;
		lf_auto_err why = {0};

		find_subject(p, i, digest, &s);
		if (attach(r, &s, &refused, &why)) {
			lf_info(ctx, "attached %s to %s", strrchr(s.path, '/') + 1, s.digest);
			continue;
		}
		if (!refused || p->o->attach_sboms == LF_ATTACH_REQUIRED) {
			lf_err_move(err, &why);
			return lf_fail(err, "attaching SBOMs");
		}
		lf_warn(ctx, "published without SBOMs, the registry does not take them: %s",
			lf_err_text(&why));
		return true;
	}
	return true;
}

/*
 * `apko publish`: builds into a layout in the work directory and pushes that, one repository after
 * the other. In each come blobs, images, index, SBOMs, and last the tags, so that a tag never names
 * something that is not whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/publish.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

/* ---- images into a repository ---- */

struct blobs {
	struct lf_registry_blob *v;
	size_t n, cap;
};

static const char *digest_text(struct lf_arena *a, const uint8_t digest[LF_SHA256_LEN])
{
	char text[LF_OCI_DIGEST_MAX];

	lf_oci_digest(digest, text);
	return lf_arena_strdup(a, text);
}

const char *lf_publish_blob_path(const struct lf_image_build *b,
				 const uint8_t digest[LF_SHA256_LEN], struct lf_arena *arena)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex(digest, LF_SHA256_LEN, hex);
	return lf_arena_printf(arena, "%s/layout/blobs/sha256/%s", b->work, hex);
}

static void add_image_blobs(struct lf_publish *p, const struct lf_oci_image *image,
			    struct blobs *ret)
{
	struct lf_arena *a = &p->build.setup.arena;

	for (size_t i = 0; i < image->n_layers; i++) {
		const struct lf_layer *l = &image->layer[i];

		lf_vec_push(ret, (struct lf_registry_blob){
					 .digest = digest_text(a, l->digest),
					 .size = l->size,
					 .path = lf_publish_blob_path(&p->build, l->digest, a)});
	}
	lf_vec_push(ret, (struct lf_registry_blob){.digest = digest_text(a, image->config_digest),
						   .size = image->config.n,
						   .bytes = image->config});
}

static struct lf_registry_manifest index_manifest(const struct lf_publish *p)
{
	return (struct lf_registry_manifest){
		.media_type = LF_OCI_INDEX, .digest = p->index_digest, .bytes = p->build.index};
}

bool lf_publish_images(struct lf_publish *p, struct lf_registry *r, struct lf_err *err)
{
	const struct lf_image_build *b = &p->build;
	struct blobs blobs = {0};

	for (size_t i = 0; i < b->n; i++)
		add_image_blobs(p, &b->image[i], &blobs);
	bool ok = lf_registry_push_blobs(r, blobs.v, blobs.n, err);

	lf_vec_fini(&blobs);
	for (size_t i = 0; i < b->n && ok; i++) {
		const struct lf_registry_manifest m = {
			.media_type = LF_OCI_MANIFEST,
			.digest = digest_text(&p->build.setup.arena, b->image[i].manifest_digest),
			.bytes = b->image[i].manifest};

		ok = lf_registry_push_manifest(r, &m, err);
	}
	return ok || lf_fail(err, "publishing images from index");
}

/* ---- one repository ---- */

static bool is_same_repository(const struct lf_reference *a, const struct lf_reference *b)
{
	return strcmp(a->registry, b->registry) == 0 && strcmp(a->repository, b->repository) == 0;
}

static bool push_tags(struct lf_publish *p, struct lf_registry *r, struct lf_publish_target *t,
		      size_t n, const struct lf_reference *ref, struct lf_err *err)
{
	const struct lf_registry_manifest index = index_manifest(p);

	for (size_t i = 0; i < n; i++) {
		if (!is_same_repository(&t[i].ref, ref))
			continue;
		t[i].done = true;
		lf_info(p->build.setup.run.ctx, "publishing index tag %s", t[i].text);
		if (!lf_registry_push_tag(r, &index, t[i].ref.tag, err))
			return lf_fail(err, "publishing image index");
	}
	return true;
}

static bool push_all(struct lf_publish *p, struct lf_registry *r, struct lf_publish_target *t,
		     size_t n, const struct lf_reference *ref, struct lf_err *err)
{
	const struct lf_registry_manifest index = index_manifest(p);

	if (!lf_publish_images(p, r, err))
		return false;
	if (!lf_registry_push_manifest(r, &index, err))
		return lf_fail(err, "publishing image index");
	return lf_publish_sboms(p, r, err) && push_tags(p, r, t, n, ref, err);
}

/* All that goes to the repository of t[at]. What the registry got before for another repository
 * need not be sent again. */
static bool push_repository(struct lf_publish *p, struct lf_publish_target *t, size_t n, size_t at,
			    struct lf_err *err)
{
	const struct lf_ctx *ctx = p->build.setup.run.ctx;
	const struct lf_reference *ref = &t[at].ref;
	struct lf_registry_auth auth;
	struct lf_registry_options o = {.ctx = ctx,
					.http = p->http,
					.registry = ref->registry,
					.repository = ref->repository,
					.auth = &auth};

	for (size_t i = 0; i < at && !o.mount_from; i++)
		if (strcmp(t[i].ref.registry, ref->registry) == 0)
			o.mount_from = t[i].ref.repository;
	if (!lf_docker_auth(ctx, ref->registry, ref->repository, &p->build.setup.arena, &auth, err))
		return false;
	struct lf_registry *r = lf_registry_open(&o, err);

	if (!r)
		return lf_fail(err, "publishing images from index");
	bool ok = push_all(p, r, t, n, ref, err);

	lf_registry_close(r);
	return ok;
}

/* ---- the whole ---- */

static bool parse_tags(struct lf_publish *p, struct lf_publish_target *ret, struct lf_err *err)
{
	struct lf_arena *a = &p->build.setup.arena;

	for (size_t i = 0; i < p->o->tags.n; i++) {
		const char *text = p->o->tags.v[i];
		lf_auto_err why = {0};

		ret[i].text = text;
		if (lf_reference_parse(text, a, &ret[i].ref, &why) ||
		    (!p->o->local && lf_reference_parse_digest(text, a, &ret[i].ref, NULL)))
			continue;
		if (i == 0)
			return lf_fail_new(err, LF_E_USAGE,
					   "parsing \"%s\" as tag: could not parse reference: %s",
					   text, text);
		return lf_fail_new(err, LF_E_USAGE,
				   "publishing image index: unable to parse reference: could not "
				   "parse reference: %s",
				   text);
	}
	return true;
}

static char *reference_of(const struct lf_publish_target *t, const char *digest)
{
	struct lf_buf out = {0};

	lf_buf_printf(&out, "%s/%s@%s", t->ref.registry, t->ref.repository, digest);
	return lf_buf_detach(&out);
}

static bool write_refs(const struct lf_publish *p, const struct lf_publish_target *t,
		       struct lf_err *err)
{
	const struct lf_image_build *b = &p->build;
	char digest[LF_OCI_DIGEST_MAX];
	lf_auto_buf text = {0};

	if (!p->o->image_refs || !*p->o->image_refs)
		return true;
	for (size_t i = 0; i <= b->n; i++) {
		if (i < b->n)
			lf_oci_digest(b->image[i].manifest_digest, digest);
		lf_auto_free char *line = reference_of(t, i < b->n ? digest : p->index_digest);

		lf_buf_printf(&text, "%s\n", line);
	}
	return lf_write_file(p->o->image_refs, text.p, text.n, 0666, err) ||
	       lf_fail(err, "failed to write digest");
}

static bool push(struct lf_publish *p, char **ret_reference, struct lf_err *err)
{
	const size_t n = p->o->tags.n;
	struct lf_publish_target *t = lf_new_n(&p->build.setup.arena, struct lf_publish_target, n);
	const struct lf_image_options *o = p->build.o;

	if (!parse_tags(p, t, err))
		return false;
	if (p->o->local)
		return lf_publish_local(p, t, n, ret_reference, err);
	for (size_t i = 0; i < n; i++)
		if (!t[i].done && !push_repository(p, t, n, i, err))
			return false;
	if (!write_refs(p, t, err))
		return false;
	if (o->sbom_path && *o->sbom_path &&
	    !lf_image_build_move_sboms(&p->build, o->sbom_path, err))
		return false;
	*ret_reference = reference_of(t, p->index_digest);
	return true;
}

static struct lf_store *open_layout(const struct lf_image_build *b, const void *data,
				    struct lf_err *err)
{
	lf_auto_free char *dir = lf_path_join(b->work, "layout");

	(void)data;
	return lf_mkdirs(dir, 0755, err) ? lf_store_layout(dir, err) : NULL;
}

static bool run(struct lf_publish *p, const struct lf_ctx *ctx, char **ret_reference,
		struct lf_err *err)
{
	/* --offline is about packages. */
	const struct lf_http_options http = {.agent = "apko"};
	uint8_t digest[LF_SHA256_LEN];

	if (!lf_image_build_run(&p->build, ctx, open_layout, NULL, err))
		return lf_fail(err, "failed to build image components");
	if (p->build.n == 0)
		return lf_fail_new(
			err, LF_E_CONFIG,
			"there is nothing to publish: the configuration has no packages");
	lf_hash_mem(LF_SHA256, p->build.index.p, p->build.index.n, digest);
	lf_oci_digest(digest, p->index_digest);
	p->http = lf_http_new(ctx, &http);
	return push(p, ret_reference, err);
}

bool lf_image_publish(const struct lf_ctx *ctx, const struct lf_image_options *o,
		      const struct lf_publish_options *options, char **ret_reference,
		      struct lf_err *err)
{
	struct lf_publish p = {.build = {.o = o, .tag = options->tags.v[0]}, .o = options};
	bool ok = run(&p, ctx, ret_reference, err);

	lf_http_free(p.http);
	lf_image_build_fini(&p.build);
	return ok;
}

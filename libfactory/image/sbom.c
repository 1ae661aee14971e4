/*
 * The SBOM of one image: the image, its layers, the operating system it says it is, and what each
 * installed package brought.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/sbom.h"

#include <string.h>

#include "apk/arch.h"
#include "base/mem.h"
#include "net/reference.h"
#include "sbom/purl.h"
#include "base/banned.h"

#define NAMESPACE "https://spdx.org/spdxdocs/apko/"

/* ---- shared with the index's document ---- */

static const char *repository_name(struct lf_image_sbom *s, const struct lf_ctx *ctx,
				   const char *tag)
{
	struct lf_reference r;
	lf_auto_err err = {0};

	if (lf_reference_parse(tag, &s->arena, &r, &err))
		return lf_arena_str(&s->arena, lf_path_base(lf_str(r.repository)));
	lf_log(ctx, LF_LOG_ERROR, "%s parsing tag %s, ignoring", tag, lf_err_text(&err));
	return NULL;
}

void lf_image_sbom_init(struct lf_image_sbom *s, const struct lf_ctx *ctx, const char *tag,
			const char *version, struct lf_moment created)
{
	*s = (struct lf_image_sbom){0};
	s->doc = (struct lf_spdx){
		.namespace = NAMESPACE,
		.license_list_version = "3.27",
		.created = created.seconds,
		.creator = {lf_arena_printf(&s->arena, "Tool: apko (%s)",
					    version && *version ? version : "devel"),
			    "Organization: Chainguard, Inc"},
		.arena = &s->arena,
	};
	s->supplier = LF_SPDX_NONE;
	s->repository = repository_name(s, ctx, tag);
}

void lf_image_sbom_fini(struct lf_image_sbom *s)
{
	lf_map_fini(&s->ids);
	lf_arena_fini(&s->arena);
}

struct lf_spdx_package *lf_image_sbom_add(struct lf_image_sbom *s, const char *id)
{
	struct lf_spdx_package *p;

	if (lf_map_has(&s->ids, lf_str(id))) {
		p = lf_new(&s->arena, struct lf_spdx_package);
	} else {
		lf_map_set(&s->ids, lf_str(id), s);
		p = lf_spdx_add_package(&s->doc);
	}
	p->id = id;
	p->supplier = s->supplier;
	p->download_location = LF_SPDX_NONE;
	return p;
}

const char *lf_image_sbom_id(struct lf_image_sbom *s, const char *prefix, const char *text)
{
	lf_auto_buf id = {0};

	lf_buf_printf(&id, "SPDXRef-%s-", prefix);
	lf_spdx_id(&id, text, false);
	return lf_arena_strdup(&s->arena, id.p);
}

void lf_image_sbom_purl(struct lf_image_sbom *s, struct lf_spdx_package *p, const char *digest,
			const char *arch, const char *media_type)
{
	const struct lf_purl_qualifier q[] = {
		{"arch", arch}, {"mediaType", media_type}, {"os", *arch ? "linux" : ""}};
	const char *name = s->repository ? s->repository : *arch ? "image" : "index";
	const struct lf_purl purl = {.type = "oci",
				     .name = name,
				     .version = digest,
				     .qualifier = q,
				     .n_qualifiers = LF_ARRAY_LEN(q)};
	lf_auto_buf text = {0};

	lf_purl_print(&text, &purl);
	lf_spdx_add_ref(&s->doc, p, "PACKAGE-MANAGER", lf_arena_strdup(&s->arena, text.p), "purl");
}

/* ---- one image ---- */

static const char *digest_text(struct lf_image_sbom *s, const uint8_t digest[LF_SHA256_LEN])
{
	char text[LF_OCI_DIGEST_MAX];

	lf_oci_digest(digest, text);
	return lf_arena_strdup(&s->arena, text);
}

static const char *add_image(struct lf_image_sbom *s, const struct lf_oci_image *image,
			     const char *arch)
{
	const char *digest = digest_text(s, image->manifest_digest);
	const char *id = lf_image_sbom_id(s, "Package-Image", digest);
	struct lf_spdx_package *p = lf_image_sbom_add(s, id);

	p->name = p->version = digest;
	p->description = "apko container image";
	p->purpose = "CONTAINER";
	lf_spdx_add_checksum(&s->doc, p, "SHA256", digest + strlen("sha256:"));
	lf_image_sbom_purl(s, p, digest, arch, LF_OCI_MANIFEST);
	return id;
}

static void add_layer(struct lf_image_sbom *s, const struct lf_layer *layer, const char *image_id,
		      const char *version, const char *arch, const char *media_type)
{
	const char *digest = digest_text(s, layer->digest);
	const char *id = lf_image_sbom_id(s, "Package-ImageLayer", digest);
	struct lf_spdx_package *p = lf_image_sbom_add(s, id);

	p->name = digest;
	p->version = version;
	p->description = "apko operating system layer";
	p->purpose = "CONTAINER";
	lf_image_sbom_purl(s, p, digest, arch, media_type);
	lf_spdx_relate(&s->doc, image_id, "CONTAINS", id);
}

static void add_system(struct lf_image_sbom *s, const struct lf_os_release *os)
{
	struct lf_spdx_package *p =
		lf_image_sbom_add(s, lf_image_sbom_id(s, "OperatingSystem", os->id));

	p->name = os->id;
	p->version = os->version_id;
	p->description = "Operating System";
	p->purpose = "OPERATING_SYSTEM";
}

static bool fill(struct lf_image_sbom *s, const struct lf_image *img,
		 const struct lf_oci_image *image, const struct lf_os_release *os,
		 struct lf_err *err)
{
	const struct lf_arch *a = lf_arch_find(image->oci);
	const char *arch = a ? a->oci_arch : image->oci;
	const char *id;

	if (*os->name)
		s->supplier = lf_arena_printf(&s->arena, "Organization: %s", os->name);
	id = add_image(s, image, arch);
	s->doc.describes = id;
	s->doc.name = lf_arena_printf(&s->arena, "sbom-%s", digest_text(s, image->layer[0].digest));
	for (size_t i = 0; i < image->n_layers; i++)
		add_layer(s, &image->layer[i], id, os->version_id, arch,
			  lf_oci_layer_type(&img->config));
	add_system(s, os);
	for (size_t i = 0; i < lf_image_n_installed(img); i++)
		if (!lf_image_sbom_package(s, img, lf_image_installed(img, i), id, err))
			return lf_fail(err, "generating spdx sbom");
	return true;
}

bool lf_image_sbom_print(const struct lf_image *img, const struct lf_oci_image *image,
			 const char *tag, const char *version, struct lf_buf *out,
			 struct lf_err *err)
{
	struct lf_image_sbom s;
	struct lf_os_release os;

	lf_image_sbom_init(&s, &img->ctx, tag, version, image->created);
	bool ok = lf_os_release_read(img, &s.arena, &os, err) && fill(&s, img, image, &os, err);

	if (ok)
		lf_spdx_print(out, &s.doc);
	lf_image_sbom_fini(&s);
	return ok || lf_fail(err, "generating sbom for %s", image->oci);
}

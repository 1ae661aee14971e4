/*
 * The SBOM of an index: the index, its images, and the source of the configuration where it is
 * known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/sbom.h"

#include <string.h>

#include "apk/arch.h"
#include "base/mem.h"
#include "sbom/purl.h"
#include "base/banned.h"

static const char *add_digest(struct lf_image_sbom *s, const uint8_t digest[LF_SHA256_LEN],
			      struct lf_spdx_package **ret)
{
	char text[LF_OCI_DIGEST_MAX];

	lf_oci_digest(digest, text);
	const char *name = lf_arena_strdup(&s->arena, text);
	struct lf_spdx_package *p = lf_image_sbom_add(s, lf_image_sbom_id(s, "Package", name));

	p->name = p->version = name;
	p->purpose = "CONTAINER";
	lf_spdx_add_checksum(&s->doc, p, "SHA256", name + strlen("sha256:"));
	*ret = p;
	return name;
}

static const char *add_index(struct lf_image_sbom *s, struct lf_str index)
{
	uint8_t digest[LF_SHA256_LEN];
	struct lf_spdx_package *p;

	lf_hash_mem(LF_SHA256, index.p, index.n, digest);
	const char *name = add_digest(s, digest, &p);

	p->description = "Multi-arch image index";
	p->source_info = "Generated at image build time by apko";
	lf_image_sbom_purl(s, p, name, "", LF_OCI_INDEX);
	s->doc.name = lf_arena_printf(&s->arena, "sbom-%s", name);
	s->doc.describes = p->id;
	return p->id;
}

static void add_image(struct lf_image_sbom *s, const struct lf_oci_image *image,
		      const char *index_id)
{
	const struct lf_arch *a = lf_arch_find(image->oci);
	struct lf_spdx_package *p;
	const char *name = add_digest(s, image->manifest_digest, &p);

	lf_image_sbom_purl(s, p, name, a ? a->oci_arch : image->oci, LF_OCI_MANIFEST);
	lf_spdx_relate(&s->doc, index_id, "VARIANT_OF", p->id);
}

/* Only for this host is it known how its URLs are made. */
static void add_github_purl(struct lf_image_sbom *s, struct lf_spdx_package *p, const char *name,
			    const char *revision)
{
	struct lf_str path = lf_str(name), org;
	lf_auto_buf text = {0};

	if (!lf_str_skip(&path, "github.com/"))
		return;
	org = lf_str_cut(&path, '/');
	if (!path.p)
		return;
	if (lf_str_ends(path, ".git"))
		path.n -= strlen(".git");
	const struct lf_purl purl = {.type = "github",
				     .namespace = lf_arena_str(&s->arena, org),
				     .name = lf_arena_str(&s->arena, path),
				     .version = revision};

	lf_purl_print(&text, &purl);
	lf_spdx_add_ref(&s->doc, p, "PACKAGE-MANAGER", lf_arena_strdup(&s->arena, text.p), "purl");
}

/* A branch or a cut commit is a version, but no checksum: SPDX wants all 40 digits. */
static bool is_commit(struct lf_str revision)
{
	size_t n = 0;

	while (n < revision.n && memchr("0123456789abcdef", revision.p[n], 16))
		n++;
	return n == revision.n && n == 2 * (size_t)LF_SHA1_LEN;
}

static void add_source(struct lf_image_sbom *s, const char *vcs_url, const char *index_id)
{
	static const char *const prefixes[] = {"git+ssh://", "git://", "https://"};
	struct lf_str revision = lf_str(vcs_url), url = lf_str_cut(&revision, '@');
	struct lf_spdx_package *p;

	if (!revision.p)
		return;
	for (size_t i = 0; i < LF_ARRAY_LEN(prefixes); i++)
		if (lf_str_skip(&url, prefixes[i]))
			break;
	p = lf_image_sbom_add(s, lf_image_sbom_id(s, "Package", vcs_url));
	p->name = lf_arena_str(&s->arena, url);
	p->version = lf_arena_str(&s->arena, revision);
	p->description = "Image configuration source";
	p->download_location = vcs_url;
	p->purpose = "SOURCE";
	if (is_commit(revision))
		lf_spdx_add_checksum(&s->doc, p, "SHA1", p->version);
	add_github_purl(s, p, p->name, p->version);
	lf_spdx_relate(&s->doc, index_id, "GENERATED_FROM", p->id);
}

bool lf_image_sbom_print_index(const struct lf_ctx *ctx, const struct lf_image_config *c,
			       const struct lf_oci_image *image, size_t n, struct lf_str index,
			       struct lf_moment created, const char *tag, const char *version,
			       struct lf_buf *out, struct lf_err *err)
{
	struct lf_image_sbom s;

	if (n == 0)
		return lf_fail_new(
			err, LF_E_CONFIG,
			"generating index SBOM: generating spdx sbom: unable to render index "
			"sbom, no architecture images found");
	lf_image_sbom_init(&s, ctx, tag, version, created);
	s.supplier = "Organization: Chainguard, Inc.";
	const char *id = add_index(&s, index);

	for (size_t i = 0; i < n; i++)
		add_image(&s, &image[i], id);
	add_source(&s, c->vcs_url, id);
	lf_spdx_print(out, &s.doc);
	lf_image_sbom_fini(&s);
	return true;
}

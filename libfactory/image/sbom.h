/*
 * SBOMs of images: one document an architecture with what its packages say of themselves, and one
 * for the index.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/map.h"
#include "image/image.h"
#include "image/oci.h"
#include "sbom/spdx.h"

struct lf_os_release {
	const char *id, *name, *version_id;
};

/* A missing file is "unknown"; a line without "=" an error. Texts in the arena. */
bool lf_os_release_read(const struct lf_image *img, struct lf_arena *arena,
			struct lf_os_release *ret, struct lf_err *err) LF_MUST_CHECK;

/* A document in the making. */
struct lf_image_sbom {
	struct lf_arena arena;
	struct lf_spdx doc;
	struct lf_map ids;      /* of the packages: one that is there already is not repeated */
	const char *supplier;   /* "Organization: Wolfi" */
	const char *repository; /* last part of the tag's repository; NULL: a bad tag */
};

/* What both kinds of document begin with. tag: as given to the command; a bad one is logged. */
void lf_image_sbom_init(struct lf_image_sbom *s, const struct lf_ctx *ctx, const char *tag,
			const char *version, struct lf_moment created);
void lf_image_sbom_fini(struct lf_image_sbom *s);
/* A package unless its id is taken: then what is filled in goes nowhere. supplier and download
 * location are set. */
struct lf_spdx_package *lf_image_sbom_add(struct lf_image_sbom *s, const char *id);
/* "SPDXRef-PREFIX-" + the escaped text. */
const char *lf_image_sbom_id(struct lf_image_sbom *s, const char *prefix, const char *text);
/* The package url of something in the registry; arch "" leaves arch and os out: the index. */
void lf_image_sbom_purl(struct lf_image_sbom *s, struct lf_spdx_package *p, const char *digest,
			const char *arch, const char *media_type);

/* sbom_package.c: adds the parts of a package's own SBOM, if the image has one. */
bool lf_image_sbom_package(struct lf_image_sbom *s, const struct lf_image *img,
			   const struct lf_pkg *pkg, const char *image_id,
			   struct lf_err *err) LF_MUST_CHECK;

/* The document of one image: printed JSON. */
bool lf_image_sbom_print(const struct lf_image *img, const struct lf_oci_image *image,
			 const char *tag, const char *version, struct lf_buf *out,
			 struct lf_err *err) LF_MUST_CHECK;
/* The document of the index. False when there are no images. */
bool lf_image_sbom_print_index(const struct lf_ctx *ctx, const struct lf_image_config *c,
			       const struct lf_oci_image *image, size_t n, struct lf_str index,
			       struct lf_moment created, const char *tag, const char *version,
			       struct lf_buf *out, struct lf_err *err) LF_MUST_CHECK;

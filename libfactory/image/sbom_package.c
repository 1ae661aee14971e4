/*
 * What a package says of itself in an SPDX file that it installed: the elements it is about and all
 * that they lead to are copied into the image's document.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/sbom.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define DIRECTORY "var/lib/db/sbom"

/* ---- which file ---- */

static size_t without_release(const char *version)
{
	const char *dash = strrchr(version, '-');

	if (dash && dash[1] == 'r' && dash[2] && !dash[2 + strspn(dash + 2, "0123456789")])
		return (size_t)(dash - version);
	return strlen(version);
}

/* NULL when there is none. */
static const struct lf_node *find_file(struct lf_image_sbom *s, const struct lf_image *img,
				       const struct lf_pkg *p)
{
	const char *const path[] = {
		lf_arena_printf(&s->arena, DIRECTORY "/%s-%s.spdx.json", p->name, p->version),
		lf_arena_printf(&s->arena, DIRECTORY "/%s-%.*s.spdx.json", p->name,
				(int)without_release(p->version), p->version),
		lf_arena_printf(&s->arena, DIRECTORY "/%s.spdx.json", p->name),
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(path); i++) {
		const struct lf_node *n = lf_tree_find(img->tree, path[i], true);

		if (n)
			return n;
	}
	return NULL;
}

/* ---- what of it ---- */

struct source {
	struct lf_spdx doc;
	struct lf_strv describes;
	struct lf_strv top;    /* what the document is about */
	struct lf_map wanted;  /* ids to copy, in the order they were reached */
	struct lf_map package; /* id → package */
	struct lf_map from;    /* id → its first relationship; next has the others */
	struct lf_spdx_relationship **next;
};

static void want(struct source *src, const char *id)
{
	if (!lf_map_has(&src->wanted, lf_str(id)))
		lf_map_set(&src->wanted, lf_str(id), src);
}

static void add_top(struct source *src, const char *id)
{
	if (lf_map_has(&src->package, lf_str(id)))
		lf_strv_add(&src->top, id);
}

static void find_top(struct source *src)
{
	for (size_t i = 0; i < src->doc.n_packages; i++)
		if (!lf_map_has(&src->package, lf_str(src->doc.package[i].id)))
			lf_map_set(&src->package, lf_str(src->doc.package[i].id),
				   &src->doc.package[i]);
	for (size_t i = 0; i < src->describes.n; i++)
		add_top(src, src->describes.v[i]);
	for (size_t i = 0; i < src->doc.n_relationships; i++) {
		const struct lf_spdx_relationship *r = &src->doc.relationship[i];

		if (strcmp(r->element, LF_SPDX_DOCUMENT) == 0 && strcmp(r->type, "DESCRIBES") == 0)
			add_top(src, r->related);
	}
	lf_strv_sort(&src->top);
	lf_strv_uniq(&src->top);
}

static bool is_file(const char *id)
{
	return lf_starts(id, "SPDXRef-File-");
}

/* Strings the relationships of each element together, so that a large document costs no squares. */
static void index_relationships(struct source *src, struct lf_arena *arena)
{
	src->next = lf_new_n(arena, struct lf_spdx_relationship *, src->doc.n_relationships);
	for (size_t i = src->doc.n_relationships; i > 0; i--) {
		struct lf_spdx_relationship *r = &src->doc.relationship[i - 1];

		src->next[i - 1] = lf_map_set(&src->from, lf_str(r->element), r);
	}
}

static void find_closure(struct source *src)
{
	for (size_t i = 0; i < src->top.n; i++)
		want(src, src->top.v[i]);
	for (size_t i = 0; i < src->wanted.n; i++) {
		struct lf_str id = src->wanted.entry[i].key;

		const struct lf_spdx_relationship *r = lf_map_get(&src->from, id);

		for (; r; r = src->next[r - src->doc.relationship])
			if (!is_file(r->related))
				want(src, r->related);
	}
}

static bool check_complete(const struct source *src, struct lf_err *err)
{
	lf_auto_buf missing = {0};
	size_t n = 0;

	for (size_t i = 0; i < src->wanted.n; i++)
		if (!lf_map_has(&src->package, src->wanted.entry[i].key))
			lf_buf_printf(&missing, "%s" LF_STR_FMT, n++ ? " " : "",
				      LF_STR_ARG(src->wanted.entry[i].key));
	return n == 0 ||
	       lf_fail_new(err, LF_E_FORMAT,
			   "copying element: unable to find %zu elements in source document: [%s]",
			   n, lf_buf_c(&missing));
}

/* ---- copying ---- */

static bool is_empty(const char *s)
{
	return !s || !*s;
}

static void copy_packages(struct lf_image_sbom *s, const struct source *src)
{
	for (size_t i = 0; i < src->doc.n_packages; i++) {
		const struct lf_spdx_package *from = &src->doc.package[i];

		if (!lf_map_has(&src->wanted, lf_str(from->id)))
			continue;
		struct lf_spdx_package *to = lf_image_sbom_add(s, from->id);

		*to = *from;
		if (is_empty(to->originator))
			to->originator = s->supplier;
		if (is_empty(to->supplier))
			to->supplier = to->originator;
	}
}

static void copy_relationships(struct lf_image_sbom *s, const struct source *src,
			       const char *image_id)
{
	for (size_t i = 0; i < src->doc.n_relationships; i++) {
		const struct lf_spdx_relationship *r = &src->doc.relationship[i];

		if (lf_map_has(&src->wanted, lf_str(r->element)) && !is_file(r->related))
			lf_spdx_relate(&s->doc, r->element, r->type, r->related);
	}
	for (size_t i = 0; i < src->top.n; i++)
		lf_spdx_relate(&s->doc, image_id, "CONTAINS", src->top.v[i]);
}

static const char *license_text(const struct lf_spdx *d, const char *id)
{
	for (size_t i = 0; i < d->n_licenses; i++)
		if (strcmp(d->license[i].id, id) == 0)
			return d->license[i].text;
	return NULL;
}

static void copy_licenses(struct lf_image_sbom *s, const struct source *src,
			  const struct lf_image *img)
{
	for (size_t i = 0; i < src->doc.n_licenses; i++) {
		const struct lf_spdx_license *l = &src->doc.license[i];
		const char *have = license_text(&s->doc, l->id);

		if (!have)
			lf_spdx_add_license(&s->doc, l->id, l->text);
		else if (strcmp(have, l->text) != 0)
			/* compat: the architecture is named twice. */
			lf_warn(&img->ctx,
				"source & target LicenseID %s differ in Text; please either update "
				"the "
				"package's license-path or use the correct LicenseID%s",
				l->id, img->ctx.log_attrs);
	}
}

static bool copy(struct lf_image_sbom *s, struct source *src, const struct lf_image *img,
		 const char *image_id, struct lf_err *err)
{
	find_top(src);
	index_relationships(src, &s->arena);
	find_closure(src);
	if (!check_complete(src, err))
		return lf_fail(err, "parsing internal apk SBOM");
	copy_packages(s, src);
	copy_relationships(s, src, image_id);
	copy_licenses(s, src, img);
	return true;
}

/* Unreadable is as good as missing. */
static bool read_source(struct lf_image_sbom *s, const struct lf_image *img,
			const struct lf_node *file, struct source *src)
{
	lf_auto_buf text = {0};

	return lf_tree_read(img->tree, file, 256 * 1024 * 1024, &text, NULL) &&
	       lf_spdx_parse(lf_buf_view(&text), file->name, &s->arena, &src->doc, &src->describes,
			     NULL);
}

bool lf_image_sbom_package(struct lf_image_sbom *s, const struct lf_image *img,
			   const struct lf_pkg *pkg, const char *image_id, struct lf_err *err)
{
	const struct lf_node *file = find_file(s, img, pkg);
	struct source src = {0};

	if (!file)
		return true;
	if (file->type == LF_NODE_DIR)
		return lf_fail_new(err, LF_E_FORMAT, "directory found at SBOM path %s/%s",
				   DIRECTORY, file->name);
	bool ok = !read_source(s, img, file, &src) || copy(s, &src, img, image_id, err);

	lf_strv_fini(&src.describes);
	lf_strv_fini(&src.top);
	lf_map_fini(&src.wanted);
	lf_map_fini(&src.package);
	lf_map_fini(&src.from);
	return ok;
}

/*
 * SPDX documents: built by adding, printed as JSON with the keys in upstream's order.
 * docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/spdx.h"

#include "base/date.h"
#include "codec/json.h"

#include "base/banned.h"

/* ---- building ---- */

/* The array, with room for one more; its size doubles at powers of two. */
static void *grow(struct lf_arena *arena, void *array, size_t n, size_t size)
{
	void *grown;

	if (n & (n - 1))
		return array;
	grown = lf_arena_alloc(arena, n ? 2 * n : 1, size);
	if (n)
		memcpy(grown, array, n * size);
	return grown;
}

struct lf_spdx_package *lf_spdx_add_package(struct lf_spdx *d)
{
	d->package = grow(d->arena, d->package, d->n_packages, sizeof(*d->package));
	return &d->package[d->n_packages++];
}

void lf_spdx_add_checksum(struct lf_spdx *d, struct lf_spdx_package *p, const char *algorithm,
			  const char *value)
{
	p->checksum = grow(d->arena, p->checksum, p->n_checksums, sizeof(*p->checksum));
	p->checksum[p->n_checksums++] = (struct lf_spdx_checksum){algorithm, value};
}

void lf_spdx_add_ref(struct lf_spdx *d, struct lf_spdx_package *p, const char *category,
		     const char *locator, const char *type)
{
	p->ref = grow(d->arena, p->ref, p->n_refs, sizeof(*p->ref));
	p->ref[p->n_refs++] = (struct lf_spdx_ref){category, locator, type};
}

void lf_spdx_relate(struct lf_spdx *d, const char *element, const char *type, const char *related)
{
	d->relationship =
		grow(d->arena, d->relationship, d->n_relationships, sizeof(*d->relationship));
	d->relationship[d->n_relationships++] =
		(struct lf_spdx_relationship){element, type, related};
}

void lf_spdx_add_license(struct lf_spdx *d, const char *id, const char *text)
{
	d->license = grow(d->arena, d->license, d->n_licenses, sizeof(*d->license));
	d->license[d->n_licenses++] = (struct lf_spdx_license){id, text};
}

bool lf_spdx_has_license(const struct lf_spdx *d, const char *id)
{
	for (size_t i = 0; i < d->n_licenses; i++)
		if (!strcmp(d->license[i].id, id))
			return true;
	return false;
}

/* ---- printing ---- */

static void set_text(json_t *o, const char *key, const char *s)
{
	lf_json_set(o, key, lf_json_text(lf_str(s ? s : "")));
}

static void opt_text(json_t *o, const char *key, const char *s)
{
	if (s && *s)
		set_text(o, key, s);
}

static json_t *checksums(const struct lf_spdx_package *p)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < p->n_checksums; i++) {
		o = json_object();
		set_text(o, "algorithm", p->checksum[i].algorithm);
		set_text(o, "checksumValue", p->checksum[i].value);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *refs(const struct lf_spdx_package *p)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < p->n_refs; i++) {
		o = json_object();
		set_text(o, "referenceCategory", p->ref[i].category);
		set_text(o, "referenceLocator", p->ref[i].locator);
		set_text(o, "referenceType", p->ref[i].type);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *package(const struct lf_spdx_package *p)
{
	json_t *o = json_object();

	set_text(o, "SPDXID", p->id);
	set_text(o, "name", p->name);
	opt_text(o, "versionInfo", p->version);
	lf_json_set(o, "filesAnalyzed", json_false());
	opt_text(o, "licenseConcluded", p->license_concluded);
	opt_text(o, "licenseDeclared", p->license_declared);
	opt_text(o, "description", p->description);
	set_text(o, "downloadLocation", p->download_location);
	opt_text(o, "originator", p->originator);
	opt_text(o, "supplier", p->supplier);
	opt_text(o, "sourceInfo", p->source_info);
	opt_text(o, "copyrightText", p->copyright);
	opt_text(o, "attributionText", p->attribution);
	opt_text(o, "primaryPackagePurpose", p->purpose);
	lf_json_opt(o, "checksums", checksums(p));
	lf_json_opt(o, "externalRefs", refs(p));
	return o;
}

static json_t *packages(const struct lf_spdx *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_packages; i++)
		json_array_append_new(list, package(&d->package[i]));
	return list;
}

static json_t *relationships(const struct lf_spdx *d)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < d->n_relationships; i++) {
		o = json_object();
		set_text(o, "spdxElementId", d->relationship[i].element);
		set_text(o, "relationshipType", d->relationship[i].type);
		set_text(o, "relatedSpdxElement", d->relationship[i].related);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *licenses(const struct lf_spdx *d)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < d->n_licenses; i++) {
		o = json_object();
		set_text(o, "licenseId", d->license[i].id);
		set_text(o, "extractedText", d->license[i].text);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *creation_info(const struct lf_spdx *d)
{
	json_t *o = json_object(), *creators = json_array();
	char date[LF_DATE_MAX];

	lf_date_print(d->created, date);
	set_text(o, "created", date);
	for (size_t i = 0; i < 2; i++)
		if (d->creator[i])
			json_array_append_new(creators, lf_json_text(lf_str(d->creator[i])));
	lf_json_set(o, "creators", creators);
	set_text(o, "licenseListVersion", d->license_list_version);
	return o;
}

void lf_spdx_print(struct lf_buf *out, const struct lf_spdx *d)
{
	lf_auto_json *o = json_object();
	json_t *describes = json_array();

	set_text(o, "SPDXID", LF_SPDX_DOCUMENT);
	set_text(o, "name", d->name);
	set_text(o, "spdxVersion", "SPDX-2.3");
	lf_json_set(o, "creationInfo", creation_info(d));
	set_text(o, "dataLicense", "CC0-1.0");
	set_text(o, "documentNamespace", d->namespace);
	json_array_append_new(describes, lf_json_text(lf_str(d->describes)));
	lf_json_set(o, "documentDescribes", describes);
	lf_json_set(o, "packages", packages(d));
	lf_json_set(o, "relationships", relationships(d));
	lf_json_opt(o, "hasExtractedLicensingInfos", licenses(d));
	lf_json_print(out, o, 2);
	lf_buf_putc(out, '\n');
}

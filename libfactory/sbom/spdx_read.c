/*
 * SPDX documents from JSON, as packages bring them: the fields that images repeat. Files,
 * annotations and other unknown fields are lost, as upstream loses them. A field of another type
 * than expected makes the document unreadable.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/spdx.h"

#include "base/vec.h"
#include "codec/json.h"

#include "base/banned.h"

struct reading {
	struct lf_spdx *d;
	bool bad; /* a value of the wrong type was met */
};

static const char *text(struct reading *r, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!v || json_is_null(v))
		return "";
	if (!json_is_string(v)) {
		r->bad = true;
		return "";
	}
	return lf_arena_dup(r->d->arena, json_string_value(v), json_string_length(v));
}

/* The elements of a list of objects; n is 0 when there is none. */
static const json_t *list(struct reading *r, const json_t *o, const char *key, size_t *ret_n)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_null(v) && !json_is_array(v))
		r->bad = true;
	*ret_n = json_array_size(v);
	return v;
}

static const json_t *item(struct reading *r, const json_t *array, size_t i)
{
	const json_t *v = json_array_get(array, i);

	if (!json_is_object(v))
		r->bad = true;
	return v;
}

static void read_package(struct reading *r, const json_t *o)
{
	struct lf_spdx_package *p = lf_spdx_add_package(r->d);
	size_t n;
	const json_t *v;

	p->id = text(r, o, "SPDXID");
	p->name = text(r, o, "name");
	p->version = text(r, o, "versionInfo");
	p->license_concluded = text(r, o, "licenseConcluded");
	p->license_declared = text(r, o, "licenseDeclared");
	p->description = text(r, o, "description");
	p->download_location = text(r, o, "downloadLocation");
	p->originator = text(r, o, "originator");
	p->supplier = text(r, o, "supplier");
	p->source_info = text(r, o, "sourceInfo");
	p->copyright = text(r, o, "copyrightText");
	p->attribution = text(r, o, "attributionText");
	p->purpose = text(r, o, "primaryPackagePurpose");
	v = list(r, o, "checksums", &n);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = item(r, v, i);

		lf_spdx_add_checksum(r->d, p, text(r, c, "algorithm"), text(r, c, "checksumValue"));
	}
	v = list(r, o, "externalRefs", &n);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = item(r, v, i);

		lf_spdx_add_ref(r->d, p, text(r, c, "referenceCategory"),
				text(r, c, "referenceLocator"), text(r, c, "referenceType"));
	}
}

static void read_lists(struct reading *r, const json_t *o)
{
	size_t n;
	const json_t *v = list(r, o, "packages", &n);

	for (size_t i = 0; i < n; i++)
		read_package(r, item(r, v, i));
	v = list(r, o, "relationships", &n);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = item(r, v, i);

		lf_spdx_relate(r->d, text(r, c, "spdxElementId"), text(r, c, "relationshipType"),
			       text(r, c, "relatedSpdxElement"));
	}
	v = list(r, o, "hasExtractedLicensingInfos", &n);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = item(r, v, i);

		lf_spdx_add_license(r->d, text(r, c, "licenseId"), text(r, c, "extractedText"));
	}
}

static void read_describes(struct reading *r, const json_t *o, struct lf_strv *ret)
{
	size_t n;
	const json_t *v = list(r, o, "documentDescribes", &n);

	for (size_t i = 0; i < n; i++) {
		const json_t *s = json_array_get(v, i);

		if (!json_is_string(s))
			r->bad = true;
		else
			lf_strv_add(ret, lf_arena_strdup(r->d->arena, json_string_value(s)));
	}
}

bool lf_spdx_parse(struct lf_str json, const char *source, struct lf_arena *arena,
		   struct lf_spdx *ret, struct lf_strv *ret_describes, struct lf_err *err)
{
	lf_auto_json *o = lf_json_parse(json, source, err);
	struct lf_spdx d = {.arena = arena};
	struct reading r = {.d = &d};

	if (!o)
		return false;
	if (!json_is_object(o))
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an SPDX document", source);
	d.name = text(&r, o, "name");
	d.namespace = text(&r, o, "documentNamespace");
	read_lists(&r, o);
	read_describes(&r, o, ret_describes);
	if (r.bad)
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an SPDX document", source);
	*ret = d;
	return true;
}

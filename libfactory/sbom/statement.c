/*
 * in-toto statements: resource descriptors to JSON and back. A field of another type than the
 * format says makes a statement unreadable; fields that it does not know are ignored, as it
 * demands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/statement.h"

#include <string.h>

#include "base/banned.h"

const char *lf_resource_digest(const struct lf_resource *r, const char *algorithm)
{
	for (size_t i = 0; i < r->n_digests; i++)
		if (strcmp(r->digest[i].algorithm, algorithm) == 0)
			return r->digest[i].value;
	return NULL;
}

/* ---- writing ---- */

json_t *lf_resource_json(const struct lf_resource *r)
{
	json_t *o = json_object(), *digest = json_object(), *annotations = json_object();

	for (size_t i = 0; i < r->n_digests; i++)
		lf_json_set_str(digest, r->digest[i].algorithm, r->digest[i].value);
	if (r->version && *r->version)
		lf_json_set(annotations, "version", lf_json_text(lf_str(r->version)));
	if (r->name && *r->name)
		lf_json_set(o, "name", lf_json_text(lf_str(r->name)));
	if (r->uri && *r->uri)
		lf_json_set(o, "uri", lf_json_text(lf_str(r->uri)));
	lf_json_opt(o, "digest", digest);
	lf_json_opt(o, "annotations", annotations);
	return o;
}

json_t *lf_statement_json(const struct lf_resource *subject, const char *predicate_type,
			  json_t *predicate)
{
	json_t *o = json_object(), *subjects = json_array();

	json_array_append_new(subjects, lf_resource_json(subject));
	lf_json_set_str(o, "_type", LF_INTOTO_TYPE);
	lf_json_set(o, "subject", subjects);
	lf_json_set_str(o, "predicateType", predicate_type);
	lf_json_set(o, "predicate", predicate);
	return o;
}

/* ---- reading ---- */

struct reading {
	struct lf_arena *arena;
	bool bad; /* a value of the wrong type was met */
};

/* The member of an object, NULL when it is absent or no object is there. */
static const json_t *member(struct reading *r, const json_t *o, const char *key, json_type type)
{
	const json_t *v = json_object_get(o, key);

	if (!v || json_is_null(v))
		return NULL;
	if (json_typeof(v) == type)
		return v;
	r->bad = true;
	return NULL;
}

static const char *text(struct reading *r, const json_t *o, const char *key)
{
	const json_t *v = member(r, o, key, JSON_STRING);

	return v ? lf_arena_strdup(r->arena, json_string_value(v)) : "";
}

static void read_resource(struct reading *r, const json_t *o, struct lf_resource *ret)
{
	json_t *digest = (json_t *)(uintptr_t)member(r, o, "digest", JSON_OBJECT), *value;
	const char *algorithm;

	if (!json_is_object(o))
		r->bad = true;
	ret->name = text(r, o, "name");
	ret->uri = text(r, o, "uri");
	ret->version = text(r, member(r, o, "annotations", JSON_OBJECT), "version");
	ret->digest = lf_new_n(r->arena, struct lf_resource_digest, json_object_size(digest));
	json_object_foreach(digest, algorithm, value)
	{
		if (!json_is_string(value)) {
			r->bad = true;
			continue;
		}
		ret->digest[ret->n_digests++] = (struct lf_resource_digest){
			lf_arena_strdup(r->arena, algorithm),
			lf_arena_strdup(r->arena, json_string_value(value)),
		};
	}
}

static struct lf_resource *read_resources(struct reading *r, const json_t *o, const char *key,
					  size_t *ret_n)
{
	const json_t *list = member(r, o, key, JSON_ARRAY);
	struct lf_resource *v = lf_new_n(r->arena, struct lf_resource, json_array_size(list));

	*ret_n = json_array_size(list);
	for (size_t i = 0; i < *ret_n; i++)
		read_resource(r, json_array_get(list, i), &v[i]);
	return v;
}

static bool parse(struct lf_str json, const char *source, const char *type_key,
		  const char *predicate_key, struct lf_arena *arena, struct lf_statement *ret,
		  struct lf_err *err)
{
	lf_auto_json *o = lf_json_parse(json, source, err);
	struct reading r = {.arena = arena};
	struct lf_statement s = {0};
	const json_t *predicate;

	if (!o)
		return false;
	if (strcmp(text(&r, o, type_key), LF_INTOTO_TYPE) != 0)
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an in-toto statement", source);
	s.predicate_type = text(&r, o, predicate_key);
	s.subject = read_resources(&r, o, "subject", &s.n_subjects);
	predicate = member(&r, o, "predicate", JSON_OBJECT);
	if (strcmp(s.predicate_type, LF_SLSA_PREDICATE) == 0)
		s.dependency =
			read_resources(&r, member(&r, predicate, "buildDefinition", JSON_OBJECT),
				       "resolvedDependencies", &s.n_dependencies);
	if (r.bad || !s.n_subjects)
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an in-toto statement", source);
	*ret = s;
	return true;
}

bool lf_statement_parse(struct lf_str json, const char *source, struct lf_arena *arena,
			struct lf_statement *ret, struct lf_err *err)
{
	return parse(json, source, "_type", "predicateType", arena, ret, err);
}

bool lf_attestation_parse(struct lf_str json, const char *source, struct lf_arena *arena,
			  struct lf_statement *ret, struct lf_err *err)
{
	return parse(json, source, "type", "predicate_type", arena, ret, err);
}

bool lf_statement_has_subject(const struct lf_statement *s, const char *sha256)
{
	for (size_t i = 0; i < s->n_subjects; i++) {
		const char *digest = lf_resource_digest(&s->subject[i], "sha256");
		if (digest && strcmp(digest, sha256) == 0)
			return true;
	}
	return false;
}

/*
 * Provenance (SLSA, as an in-toto statement): the whole configuration of a build as JSON, in an
 * archive like the control section of a package, signed like one. docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/provenance.h"

#include "apk/archive.h"
#include "base/date.h"
#include "base/fs.h"
#include "codec/gzip.h"
#include "codec/json.h"

#include "base/banned.h"

/* Objects with their keys in byte order, all the way down; what is no object or list is shared. */
static json_t *sorted(json_t *value);

static json_t *sorted_object(json_t *object)
{
	lf_auto_strv keys = {0};
	json_t *copy = json_object(), *member;
	const char *key;

	json_object_foreach(object, key, member) lf_strv_add(&keys, key);
	lf_strv_sort(&keys);
	for (size_t i = 0; i < keys.n; i++)
		lf_json_set(copy, keys.v[i], sorted(json_object_get(object, keys.v[i])));
	return copy;
}

static json_t *sorted(json_t *value)
{
	json_t *copy, *item;
	size_t i;

	if (json_is_object(value))
		return sorted_object(value);
	if (!json_is_array(value))
		return json_incref(value);
	copy = json_array();
	json_array_foreach(value, i, item) json_array_append_new(copy, sorted(item));
	return copy;
}

static json_t *configuration(const struct lf_recipe *recipe, struct lf_err *err)
{
	lf_auto_buf text = {0};
	lf_auto_json *parsed = NULL;

	lf_recipe_json(&text, recipe);
	parsed = lf_json_parse(lf_buf_view(&text), "configuration", err);
	return parsed ? sorted(parsed) : NULL;
}

/* {key: value} */
static json_t *object_of(const char *key, json_t *value)
{
	json_t *o = json_object();

	lf_json_set(o, key, value);
	return o;
}

/* compat: upstream writes the time of day; here it is the date of the build, so that the same build
 * gives the same file. */
static json_t *run_details(int64_t date)
{
	json_t *o = json_object(), *builder = json_object(), *metadata = json_object();
	char text[LF_DATE_MAX];

	lf_date_print(date, text);
	lf_json_set_str(builder, "id", "https://chainguard.dev/prod/builders/melange/v1");
	lf_json_set(builder, "version", object_of("melange", json_string("v" FACTORY_VERSION)));
	lf_json_set_str(metadata, "finishedOn", text);
	lf_json_set_str(metadata, "startedOn", text);
	lf_json_set(o, "builder", builder);
	lf_json_set(o, "metadata", metadata);
	return o;
}

static json_t *predicate(json_t *config, int64_t date)
{
	json_t *o = json_object(), *definition = json_object();

	lf_json_set_str(definition, "buildType", "https://chainguard.dev/buildtypes/melange/v1");
	lf_json_set(definition, "externalParameters", object_of("package-configuration", config));
	lf_json_set(o, "buildDefinition", definition);
	lf_json_set(o, "runDetails", run_details(date));
	return o;
}

/* compat: the keys are not those of in-toto, and the digest is that of the data section. */
static json_t *statement(const char *package, const char *datahash, json_t *pred)
{
	json_t *o = json_object(), *subject = json_object(), *subjects = json_array();

	lf_json_set(subject, "name", lf_json_text(lf_str(package)));
	lf_json_set(subject, "digest", object_of("sha256", json_string(datahash)));
	json_array_append_new(subjects, subject);
	lf_json_set_str(o, "type", "https://in-toto.io/Statement/v1");
	lf_json_set(o, "subject", subjects);
	lf_json_set_str(o, "predicate_type", "https://slsa.dev/provenance/v1");
	lf_json_set(o, "predicate", pred);
	return o;
}

static bool write_archive(const struct lf_emit_input *in, const char *base,
			  const struct lf_buf *text, struct lf_arena *arena, struct lf_err *err)
{
	const char *path = lf_arena_printf(arena, "%s/%s.attest.tar.gz", in->out_dir, base);
	const struct lf_apk_section_file file = {lf_arena_printf(arena, "%s.attestation", base),
						 0644, lf_buf_view(text)};
	lf_auto_buf section = {0};
	lf_auto_buf out = {0};

	lf_apk_section(&section, &file, 1, in->source_date_epoch, LF_GZIP_ZERO_TIME);
	if (in->key && !lf_apk_signature(&out, in->key, in->key_name, section.p, section.n,
					 in->source_date_epoch, err))
		return false;
	lf_buf_add(&out, section.p, section.n);
	if (!lf_write_file(path, out.p, out.n, 0666, err))
		return false;
	lf_info(in->ctx, "wrote %s", path);
	return true;
}

bool lf_emit_provenance(const struct lf_emit_input *in, const char *name, const char *version,
			const char *datahash, struct lf_arena *arena, struct lf_err *err)
{
	const char *base = lf_arena_printf(arena, "%s-%s", name, version);
	json_t *config = configuration(in->recipe, err);
	lf_auto_json *o = NULL;
	lf_auto_buf text = {0};

	if (!config)
		return lf_fail(err, "generating provenance");
	o = statement(lf_arena_printf(arena, "%s.apk", base), datahash,
		      predicate(config, in->source_date_epoch));
	lf_json_print(&text, o, 2);
	return write_archive(in, base, &text, arena, err) || lf_fail(err, "writing provenance");
}

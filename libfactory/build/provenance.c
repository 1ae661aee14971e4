/*
 * Provenance (SLSA): the whole configuration of a build as JSON, as upstream writes it, in an
 * archive like the control section of a package and signed like one; and with all that went in, as
 * an in-toto statement, in a signed envelope. docs/formats/provenance.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/provenance.h"

#include "apk/archive.h"
#include "base/date.h"
#include "base/fs.h"
#include "build/materials.h"
#include "codec/gzip.h"
#include "codec/json.h"
#include "sbom/statement.h"
#include "trust/dsse.h"

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

static json_t *predicate(const struct lf_emit_input *in, json_t *config, json_t *dependencies)
{
	json_t *o = json_object(), *definition = json_object();

	lf_json_set_str(definition, "buildType", "https://chainguard.dev/buildtypes/melange/v1");
	lf_json_set(definition, "externalParameters", object_of("package-configuration", config));
	if (dependencies)
		lf_json_set(definition, "resolvedDependencies", dependencies);
	lf_json_set(o, "buildDefinition", definition);
	lf_json_set(o, "runDetails", run_details(in->source_date_epoch));
	return o;
}

/* ---- as upstream writes it ---- */

/* compat: the keys are not those of in-toto, and the digest is that of the data section. */
static json_t *attestation(const char *package, const char *datahash, json_t *pred)
{
	json_t *o = json_object(), *subject = json_object(), *subjects = json_array();

	lf_json_set(subject, "name", lf_json_text(lf_str(package)));
	lf_json_set(subject, "digest", object_of("sha256", json_string(datahash)));
	json_array_append_new(subjects, subject);
	lf_json_set_str(o, "type", LF_INTOTO_TYPE);
	lf_json_set(o, "subject", subjects);
	lf_json_set_str(o, "predicate_type", LF_SLSA_PREDICATE);
	lf_json_set(o, "predicate", pred);
	return o;
}

static bool write_archive(const struct lf_emit_input *in, const char *base, const json_t *content,
			  struct lf_arena *arena, struct lf_err *err)
{
	const char *path =
		lf_arena_printf(arena, "%s/%s" LF_ATTESTATION_ARCHIVE, in->out_dir, base);
	struct lf_apk_section_file file = {lf_arena_printf(arena, "%s" LF_ATTESTATION_FILE, base),
					   0644, LF_STR("")};
	lf_auto_buf text = {0}, section = {0}, out = {0};

	lf_json_print(&text, content, 2);
	file.content = lf_buf_view(&text);
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

/* ---- as in-toto has it ---- */

static json_t *statement(const char *package, const uint8_t sha256[LF_SHA256_LEN], json_t *pred)
{
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_resource_digest digest = {"sha256", hex};
	const struct lf_resource subject = {.name = package, .digest = &digest, .n_digests = 1};

	lf_hex(sha256, LF_SHA256_LEN, hex);
	return lf_statement_json(&subject, LF_SLSA_PREDICATE, pred);
}

/* The one of another form, from an earlier build, is about another file. */
static bool write_statement(const struct lf_emit_input *in, const char *package,
			    const json_t *content, struct lf_arena *arena, struct lf_err *err)
{
	const char *bare =
		lf_arena_printf(arena, "%s/%s" LF_PROVENANCE_UNSIGNED, in->out_dir, package);
	const char *enclosed =
		lf_arena_printf(arena, "%s/%s" LF_PROVENANCE_SIGNED, in->out_dir, package);
	const char *path = in->provenance_key ? enclosed : bare;
	lf_auto_buf text = {0}, out = {0};

	lf_json_print(&text, content, in->provenance_key ? 0 : 2);
	if (in->provenance_key)
		lf_dsse_sign(in->provenance_key, LF_INTOTO_PAYLOAD, lf_buf_view(&text), &out);
	else
		lf_buf_printf(&out, "%s\n", lf_buf_c(&text));
	if (!lf_write_file(path, out.p, out.n, 0666, err) ||
	    !lf_remove_all(in->provenance_key ? bare : enclosed, err))
		return false;
	lf_info(in->ctx, "wrote %s", path);
	return true;
}

bool lf_emit_provenance(const struct lf_emit_input *in, const struct lf_output *out,
			const char *datahash, const uint8_t sha256[LF_SHA256_LEN],
			struct lf_arena *arena, struct lf_err *err)
{
	const char *base = lf_arena_printf(arena, "%s-%s", out->unit->name,
					   lf_recipe_full_version(in->recipe));
	const char *package = lf_arena_printf(arena, "%s.apk", base);
	json_t *config = configuration(in->recipe, err);
	lf_auto_json *theirs = NULL, *ours = NULL;

	if (!config)
		return lf_fail(err, "generating provenance");
	ours = statement(package, sha256,
			 predicate(in, json_incref(config), lf_materials_json(in, out, arena)));
	theirs = attestation(package, datahash, predicate(in, config, NULL));
	return (write_archive(in, base, theirs, arena, err) &&
		write_statement(in, package, ours, arena, err)) ||
	       lf_fail(err, "writing provenance");
}

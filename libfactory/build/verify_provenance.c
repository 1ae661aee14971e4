/*
 * Is the provenance beside a package about this package? In: the package, the digest of its file,
 * public keys; out: yes with what it was, or why not. docs/formats/provenance.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/verify.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/provenance.h"
#include "recipe/recipe.h"
#include "sbom/statement.h"
#include "trust/dsse.h"

#include "base/banned.h"

#define MAX_PROVENANCE ((size_t)64 << 20)

struct check {
	const struct lf_ctx *ctx;
	const struct lf_published *p;
	const char *sha256; /* of the file, hex */
	const struct lf_ed25519_public *keys;
	size_t n_keys;
	struct lf_arena *arena;
	const char *note;
};

/* ---- finding it ---- */

/* False without an error: there is none. */
static bool read_beside(struct check *c, const char *suffix, struct lf_buf *ret, struct lf_err *err)
{
	const char *location = lf_arena_printf(c->arena, "%s%s", c->p->location, suffix);
	lf_auto_fd fd = lf_published_beside(c->ctx, location, err);

	if (fd < 0)
		return false;
	lf_auto_reader *file = lf_reader_fd(fd, false);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return lf_fail_errno(err, "reading %s", location);
	return lf_read_all(file, MAX_PROVENANCE, ret, err) || lf_fail(err, "reading %s", location);
}

/* ---- what it says ---- */

/* "name=version" */
static bool has_package(const struct lf_statement *s, const char *pinned)
{
	struct lf_str version = lf_str(pinned), name = lf_str_cut(&version, '=');

	for (size_t i = 0; i < s->n_dependencies; i++) {
		const struct lf_resource *r = &s->dependency[i];
		if (lf_str_is(name, r->name) && lf_str_is(version, r->version) &&
		    lf_resource_digest(r, "sha256"))
			return true;
	}
	return false;
}

static bool check_environment(struct check *c, const struct lf_statement *s, struct lf_err *err)
{
	struct lf_recipe recipe;
	bool ok = true;

	if (!lf_published_recipe(c->ctx, c->p, c->arena, &recipe, err))
		return false;
	for (size_t i = 0; ok && i < recipe.environment.contents.packages.n; i++) {
		const char *pinned = recipe.environment.contents.packages.v[i];
		ok = has_package(s, pinned) ||
		     lf_fail_new(err, LF_E_FORMAT,
				 "it tells of another environment: the package was built with %s",
				 pinned);
	}
	lf_recipe_fini(&recipe);
	return ok;
}

static bool check_statement(struct check *c, struct lf_str json, struct lf_err *err)
{
	struct lf_statement s;

	if (!lf_statement_parse(json, "statement", c->arena, &s, err))
		return false;
	if (strcmp(s.predicate_type, LF_SLSA_PREDICATE) != 0)
		return lf_fail_new(err, LF_E_FORMAT, "not SLSA provenance: %s", s.predicate_type);
	if (!lf_statement_has_subject(&s, c->sha256))
		return lf_fail_new(err, LF_E_SIGNATURE,
				   "it is about another file, not one with sha256 %s", c->sha256);
	return check_environment(c, &s, err);
}

/* ---- envelopes ---- */

static bool check_envelope(struct check *c, struct lf_str line, struct lf_err *err)
{
	LF_CLEANUP(lf_dsse_fini) struct lf_dsse d = {0};
	const struct lf_ed25519_public *key = NULL;

	if (!lf_dsse_parse(line, "envelope", &d, err))
		return false;
	if (c->n_keys) {
		key = lf_dsse_verify(&d, c->keys, c->n_keys, err);
		if (!key)
			return false;
	}
	if (strcmp(d.type, LF_INTOTO_PAYLOAD) != 0)
		return lf_fail_new(err, LF_E_FORMAT, "not an in-toto statement: %s", d.type);
	if (!check_statement(c, lf_buf_view(&d.payload), err))
		return false;
	c->note = key ? lf_arena_printf(c->arena, "signed by %s", key->id)
		      : "its signature was not checked, no key for it was given";
	return true;
}

/* One good envelope is enough; the first error counts. */
static bool check_bundle(struct check *c, struct lf_str text, struct lf_err *err)
{
	struct lf_str line;

	while (lf_str_line(&text, &line)) {
		lf_auto_err why = {0};

		if (!lf_str_trim(line).n)
			continue;
		if (check_envelope(c, line, &why)) {
			lf_err_fini(err);
			return true;
		}
		if (err->class == LF_E_NONE)
			lf_err_move(err, &why);
	}
	return err->class == LF_E_NONE ? lf_fail_new(err, LF_E_FORMAT, "it is empty") : false;
}

static bool check(struct check *c, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (read_beside(c, LF_PROVENANCE_SIGNED, &text, err))
		return check_bundle(c, lf_buf_view(&text), err);
	if (err->class != LF_E_NONE)
		return false;
	if (c->n_keys)
		return lf_fail_new(err, LF_E_NOT_FOUND, "%s" LF_PROVENANCE_SIGNED " is not there",
				   c->p->location);
	if (read_beside(c, LF_PROVENANCE_UNSIGNED, &text, err)) {
		c->note = "not signed";
		return check_statement(c, lf_buf_view(&text), err);
	}
	c->note = "there is none";
	return err->class == LF_E_NONE;
}

bool lf_verify_provenance(const struct lf_ctx *ctx, const struct lf_published *p,
			  const uint8_t sha256[LF_SHA256_LEN], const struct lf_ed25519_public *keys,
			  size_t n_keys, struct lf_arena *arena, const char **ret_note,
			  struct lf_err *err)
{
	char hex[2 * LF_SHA256_LEN + 1];
	struct check c = {
		.ctx = ctx, .p = p, .sha256 = hex, .keys = keys, .n_keys = n_keys, .arena = arena};

	lf_hex(sha256, LF_SHA256_LEN, hex);
	if (!check(&c, err))
		return false;
	*ret_note = c.note;
	return true;
}

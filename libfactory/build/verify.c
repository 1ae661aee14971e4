/*
 * melange verify: everything about a package that can be checked without building it. In: packages
 * and public keys; out: a line a check, and one error for all that failed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/verify.h"

#include <factory/package.h>

#include <unistd.h>

#include "base/fs.h"
#include "build/apk_tree.h"
#include "sbom/spdx.h"
#include "trust/key.h"

#include "base/banned.h"

#define MAX_KEY  ((size_t)64 << 10)
#define MAX_SBOM ((size_t)16 << 20)

struct verifying {
	const struct lf_ctx *ctx;
	struct lf_keyring ring;
	LF_VEC(struct lf_ed25519_public) provenance_keys;
	struct lf_buf lines, problems;
	enum lf_class class; /* of the last problem */

	/* the package at hand */
	const char *file;
	struct lf_arena arena;
	struct lf_published p;
	bool bad;
};

/* ---- keys ---- */

static bool load_keys(struct verifying *v, const struct lf_packages_verify_options *o,
		      struct lf_err *err)
{
	for (size_t i = 0; i < o->keys.n; i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf pem = {0};
		struct lf_str base = lf_path_base(lf_str(o->keys.v[i]));
		if (!lf_read_file(o->keys.v[i], MAX_KEY, &pem, err))
			return false;
		lf_keyring_add(&v->ring, lf_arena_str(&arena, base), lf_buf_view(&pem));
	}
	for (size_t i = 0; i < o->provenance_keys.n; i++) {
		const char *path = o->provenance_keys.v[i];
		struct lf_ed25519_public key;
		lf_auto_buf pem = {0};
		if (!lf_read_file(path, MAX_KEY, &pem, err) ||
		    !lf_ed25519_parse_public(lf_buf_view(&pem), path, &key, err))
			return false;
		lf_vec_push(&v->provenance_keys, key);
	}
	return true;
}

/* ---- lines ---- */

/* What a check found, and ok or why not; empties the error. */
static bool tell(struct verifying *v, const char *what, bool ok, const char *note,
		 struct lf_err *why)
{
	if (ok) {
		lf_buf_printf(&v->lines, "%s: %s: ok%s%s%s\n", v->file, what, *note ? " (" : "",
			      note, *note ? ")" : "");
		return true;
	}
	lf_buf_printf(&v->lines, "%s: %s: FAILED: %s\n", v->file, what, lf_err_text(why));
	lf_buf_printf(&v->problems, "%s%s: %s: %s", v->problems.n ? "\n" : "", v->file, what,
		      lf_err_text(why));
	v->class = why->class;
	v->bad = true;
	lf_err_fini(why);
	return false;
}

/* ---- checks ---- */

/* The file, its control section, its signature. */
static bool check_package(struct verifying *v)
{
	const struct lf_pkg *pkg = &v->p.apk.pkg;
	lf_auto_err why = {0};

	v->p = (struct lf_published){.location = v->file,
				     .fd = lf_published_fetch(v->ctx, v->file, &why)};
	bool ok = v->p.fd >= 0 && lf_apk_open(v->p.fd, NULL, 0, &v->arena, &v->p.apk, &why);
	const char *note =
		ok ? lf_arena_printf(&v->arena, "%s-%s, %s", pkg->name, pkg->version, pkg->arch)
		   : "";
	if (!tell(v, "package", ok, note, &why))
		return false;
	note = v->p.apk.signature_name ? v->p.apk.signature_name : "";
	tell(v, "signature", lf_apk_verify(&v->p.apk, &v->ring, &why), note, &why);
	return true;
}

/* Digests of the data section and of every file in it; afterwards there is a tree. */
static bool check_data(struct verifying *v)
{
	lf_auto_err why = {0};
	lf_auto_fd out = lf_temp_file(&why);
	struct lf_apk apk;
	uint64_t size;
	bool ok = out >= 0 && lf_apk_unpack_data(v->p.fd, &v->p.apk, 0, out, &size, &why) &&
		  lf_apk_tree_read(v->p.fd, v->file, &v->arena, &apk, &v->p.tree, &why);

	return tell(v, "data", ok, "", &why);
}

static bool describes(const struct lf_spdx *doc, const struct lf_strv *ids,
		      const struct lf_pkg *pkg)
{
	for (size_t i = 0; i < doc->n_packages; i++) {
		const struct lf_spdx_package *s = &doc->package[i];
		if (s->id && s->name && s->version && lf_strv_has(ids, s->id) &&
		    !strcmp(s->name, pkg->name) && !strcmp(s->version, pkg->version))
			return true;
	}
	return false;
}

static bool read_sbom(struct verifying *v, struct lf_err *err)
{
	const struct lf_pkg *pkg = &v->p.apk.pkg;
	const char *path = lf_arena_printf(&v->arena, "var/lib/db/sbom/%s-%s.spdx.json", pkg->name,
					   pkg->version);
	const struct lf_node *node = lf_tree_find(v->p.tree, path, true);
	lf_auto_strv ids = {0};
	lf_auto_buf text = {0};
	struct lf_spdx doc = {0};

	if (!node || lf_node_content(node)->type != LF_NODE_FILE)
		return lf_fail_new(err, LF_E_NOT_FOUND, "no SBOM: %s is not in the package", path);
	if (!lf_tree_read(v->p.tree, lf_node_content(node), MAX_SBOM, &text, err) ||
	    !lf_spdx_parse(lf_buf_view(&text), path, &v->arena, &doc, &ids, err))
		return false;
	return describes(&doc, &ids, pkg) ||
	       lf_fail_new(err, LF_E_FORMAT, "%s describes another package", path);
}

static void check_sbom(struct verifying *v)
{
	lf_auto_err why = {0};

	tell(v, "SBOM", read_sbom(v, &why), "", &why);
}

static void check_provenance(struct verifying *v)
{
	uint8_t sha256[LF_SHA256_LEN];
	const char *note = "";
	lf_auto_err why = {0};
	bool ok = lf_hash_fd(LF_SHA256, v->p.fd, sha256, &why) &&
		  lf_verify_provenance(v->ctx, &v->p, sha256, v->provenance_keys.v,
				       v->provenance_keys.n, &v->arena, &note, &why);

	tell(v, "provenance", ok, note, &why);
}

/* Nothing is said of one that is not there. */
static void check_attestation(struct verifying *v)
{
	const char *note = "";
	lf_auto_err why = {0};
	bool found, ok;

	ok = lf_verify_attestation(v->ctx, &v->p, &v->ring, &v->arena, &found, &note, &why);
	if (found || !ok)
		tell(v, "attestation", ok, note, &why);
}

/* ---- one after another ---- */

static void verify(struct verifying *v)
{
	v->bad = false;
	if (check_package(v)) {
		if (check_data(v))
			check_sbom(v);
		check_provenance(v);
		check_attestation(v);
	}
	if (!v->bad)
		lf_info(v->ctx, "%s: verified", v->file);
	lf_published_fini(&v->p);
	lf_arena_fini(&v->arena);
}

bool lf_packages_verify(const struct lf_ctx *ctx, const struct lf_packages_verify_options *o,
			char **ret, struct lf_err *err)
{
	struct verifying v = {.ctx = ctx, .class = LF_E_NONE};
	bool ok = load_keys(&v, o, err);

	for (size_t i = 0; ok && i < o->files.n; i++) {
		v.file = o->files.v[i];
		ok = lf_check_cancel(ctx, err);
		if (ok)
			verify(&v);
	}
	if (ok && v.class != LF_E_NONE)
		ok = lf_fail_new(err, v.class, "%s", lf_buf_c(&v.problems));
	*ret = lf_buf_detach(&v.lines);
	lf_buf_fini(&v.problems);
	lf_vec_fini(&v.provenance_keys);
	lf_keyring_fini(&v.ring);
	return ok;
}

/*
 * melange verify: everything about a package that can be checked without building it. In: packages
 * and public keys; out: a log line for each that is good, one error for those that are not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include <unistd.h>

#include "base/fs.h"
#include "build/published.h"
#include "sbom/spdx.h"
#include "trust/key.h"

#include "base/banned.h"

#define MAX_KEY  ((size_t)64 << 10)
#define MAX_SBOM ((size_t)16 << 20)

static bool load_keys(const struct lf_strv *paths, struct lf_keyring *ring, struct lf_err *err)
{
	for (size_t i = 0; i < paths->n; i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf pem = {0};
		if (!lf_read_file(paths->v[i], MAX_KEY, &pem, err))
			return false;
		lf_keyring_add(ring, lf_arena_str(&arena, lf_path_base(lf_str(paths->v[i]))),
			       lf_buf_view(&pem));
	}
	return true;
}

static bool check_data(const struct lf_published *p, struct lf_err *err)
{
	lf_auto_fd out = lf_temp_file(err);
	uint64_t size;

	return out >= 0 && lf_apk_unpack_data(p->fd, &p->apk, 0, out, &size, err);
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

static bool check_sbom(const struct lf_published *p, struct lf_arena *arena, struct lf_err *err)
{
	const struct lf_pkg *pkg = &p->apk.pkg;
	const char *path =
		lf_arena_printf(arena, "var/lib/db/sbom/%s-%s.spdx.json", pkg->name, pkg->version);
	const struct lf_node *node = lf_tree_find(p->tree, path, true);
	lf_auto_strv ids = {0};
	lf_auto_buf text = {0};
	struct lf_spdx doc = {0};

	if (!node || lf_node_content(node)->type != LF_NODE_FILE)
		return lf_fail_new(err, LF_E_NOT_FOUND, "no SBOM: %s is not in the package", path);
	if (!lf_tree_read(p->tree, lf_node_content(node), MAX_SBOM, &text, err) ||
	    !lf_spdx_parse(lf_buf_view(&text), path, arena, &doc, &ids, err))
		return false;
	return describes(&doc, &ids, pkg) ||
	       lf_fail_new(err, LF_E_FORMAT, "%s describes another package", path);
}

static bool verify(const struct lf_ctx *ctx, const char *file, const struct lf_keyring *ring,
		   struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_published p = {0};

	if (!lf_published_open(ctx, file, &arena, &p, err))
		return false;
	if (!lf_apk_verify(&p.apk, ring, err) || !check_data(&p, err) ||
	    !check_sbom(&p, &arena, err))
		return lf_fail(err, "%s", file);
	lf_info(ctx, "%s: verified", file);
	return true;
}

bool lf_packages_verify(const struct lf_ctx *ctx, const struct lf_strv *files,
			const struct lf_strv *keys, struct lf_err *err)
{
	LF_CLEANUP(lf_keyring_fini) struct lf_keyring ring = {0};
	enum lf_class class = LF_E_NONE;
	lf_auto_buf problems = {0};

	if (!load_keys(keys, &ring, err))
		return false;
	for (size_t i = 0; i < files->n; i++) {
		lf_auto_err why = {0};
		if (!lf_check_cancel(ctx, err))
			return false;
		if (verify(ctx, files->v[i], &ring, &why))
			continue;
		class = why.class;
		lf_buf_printf(&problems, "%s%s", problems.n ? "\n" : "", lf_err_text(&why));
	}
	return class == LF_E_NONE || lf_fail_new(err, class, "%s", lf_buf_c(&problems));
}

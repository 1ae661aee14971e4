/*
 * What a package says of how it was made: the configuration in its control section, the date and
 * the architecture in .PKGINFO, the facts about the configuration file in its SBOM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/date.h"
#include "build/rebuild.h"
#include "recipe/recipe.h"
#include "sbom/spdx.h"

#include "base/banned.h"

#define MAX_SBOM ((size_t)16 << 20)
#define CONFIG   "SPDXRef-Package-Melange-"
#define GITHUB   "https://github.com/"

static bool read_sbom(const struct lf_published *p, struct lf_arena *arena, struct lf_spdx *ret,
		      struct lf_err *err)
{
	const char *path = lf_arena_printf(arena, "var/lib/db/sbom/%s-%s.spdx.json",
					   p->apk.pkg.name, p->apk.pkg.version);
	const struct lf_node *node = lf_tree_find(p->tree, path, true);
	lf_auto_strv describes = {0};
	lf_auto_buf text = {0};

	if (!node || lf_node_content(node)->type != LF_NODE_FILE)
		return lf_fail_new(err, LF_E_NOT_FOUND, "%s: %s is not in the package", p->location,
				   path);
	return lf_tree_read(p->tree, node, MAX_SBOM, &text, err) &&
	       lf_spdx_parse(lf_buf_view(&text), path, arena, ret, &describes, err);
}

static const struct lf_spdx_package *find_config(const struct lf_spdx *doc)
{
	for (size_t i = 0; i < doc->n_packages; i++)
		if (doc->package[i].id && lf_starts(doc->package[i].id, CONFIG))
			return &doc->package[i];
	return NULL;
}

/* "a%2Fb" → "a/b" */
static void unescape(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '%' && lf_unhex(lf_str_sub(s, i + 1, i + 3), &c, 1))
			i += 2;
		lf_buf_putc(out, c);
	}
}

/* "pkg:github/NS/NAME@COMMIT#PATH" → the repository's URL. One that is not at GitHub is all in
 * there: its scheme is the namespace, the rest the name. */
static const char *repository_url(struct lf_str purl, struct lf_arena *arena)
{
	lf_auto_buf url = {0};
	struct lf_str rest = purl, namespace;

	if (!lf_str_skip(&rest, "pkg:github/"))
		return "";
	namespace = lf_str_cut(&rest, '/');
	if (!lf_str_ends(namespace, ":"))
		lf_buf_puts(&url, GITHUB);
	unescape(&url, namespace);
	lf_buf_putc(&url, '/');
	unescape(&url, lf_str_cut(&rest, '@'));
	return lf_arena_str(arena, lf_buf_view(&url));
}

static const char *find_url(const struct lf_spdx_package *config, struct lf_arena *arena)
{
	for (size_t i = 0; i < config->n_refs; i++)
		if (config->ref[i].type && !strcmp(config->ref[i].type, "purl"))
			return repository_url(lf_str(config->ref[i].locator), arena);
	return "";
}

static const char *text(const char *s, const char *otherwise)
{
	return s && *s ? s : otherwise;
}

static bool read_recipe(const struct lf_ctx *ctx, const struct lf_published *p,
			struct lf_arena *arena, struct lf_origin *o, struct lf_err *err)
{
	const struct lf_pkg *pkg = &p->apk.pkg;
	struct lf_recipe r;

	if (!lf_published_recipe(ctx, p, arena, &r, err))
		return lf_fail(err, "%s", p->location);
	o->config_text =
		lf_arena_str(arena, lf_apk_control_file(&p->apk, ".melange.yaml")->content);
	o->strip_origin_name = strcmp(pkg->origin, r.package.unit.name) != 0;
	lf_recipe_fini(&r);
	return true;
}

bool lf_origin_read(const struct lf_ctx *ctx, const struct lf_published *p, struct lf_arena *arena,
		    struct lf_origin *ret, struct lf_err *err)
{
	const struct lf_spdx_package *config;
	struct lf_origin o = {0};
	struct lf_spdx doc = {0};

	if (!read_recipe(ctx, p, arena, &o, err) || !read_sbom(p, arena, &doc, err))
		return false;
	config = find_config(&doc);
	if (!config)
		return lf_fail_new(err, LF_E_NOT_FOUND,
				   "%s: the SBOM does not tell of a configuration", p->location);
	o.config = text(config->name, "melange.yaml");
	o.commit = text(config->version, "unknown");
	o.license = text(config->license_declared, LF_SPDX_NONE);
	o.repo_url = find_url(config, arena);
	o.namespace = text(p->apk.pkg.maintainer, "unknown");
	lf_date_print(p->apk.pkg.build_time, o.date);
	*ret = o;
	return true;
}

/*
 * The sources in the SBOM of a package: what the `fetch` and `git-checkout` steps of a pipeline
 * bring, whether they ran or not. docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/sbom.h"
#include "sbom/purl.h"
#include "trust/digest.h"

#include "base/banned.h"

static const char *with(const struct lf_step *step, const char *key, const char *otherwise)
{
	const char *value = lf_pairs_get(&step->with, key);

	return value && *value ? value : otherwise;
}

static const char *print_purl(struct lf_sbom *s, const struct lf_purl *purl)
{
	lf_auto_buf text = {0};

	lf_purl_print(&text, purl);
	return lf_arena_str(s->arena, lf_buf_view(&text));
}

static struct lf_spdx_package *add_source(struct lf_sbom *s, const char *id, const char *name,
					  const char *version, const char *location,
					  const char *purl)
{
	struct lf_spdx_package *p = lf_sbom_package(s, id, name, version);

	p->download_location = location;
	p->purpose = "SOURCE";
	lf_spdx_add_ref(&s->doc, p, "PACKAGE-MANAGER", purl, "purl");
	lf_spdx_relate(&s->doc, s->apk_id, "GENERATED_FROM", id);
	return p;
}

/* ---- fetch ---- */

static void add_fetch(struct lf_sbom *s, const struct lf_step *step, size_t i)
{
	const struct lf_recipe_package *main = &s->in->recipe->package;
	const char *name = with(step, "purl-name", main->unit.name);
	const char *version = with(step, "purl-version", main->version);
	const char *uri = with(step, "uri", "");
	const char *sha256 = with(step, "expected-sha256", NULL);
	const char *sha512 = with(step, "expected-sha512", NULL);
	const char *sum = sha512   ? lf_arena_printf(s->arena, "sha512:%s", sha512)
			  : sha256 ? lf_arena_printf(s->arena, "sha256:%s", sha256)
				   : NULL;
	const struct lf_purl_qualifier qualifiers[] = {{"checksum", sum}, {"download_url", uri}};
	const struct lf_purl purl = {.type = "generic",
				     .name = name,
				     .version = version,
				     .qualifier = qualifiers,
				     .n_qualifiers = 2};
	const char *id =
		lf_sbom_id(s, lf_arena_printf(s->arena, "Source-%s-%s-%zu", name, version, i));
	struct lf_spdx_package *p = add_source(s, id, name, version, uri, print_purl(s, &purl));

	lf_warn(s->in->ctx, "%s: no license specified, defaulting to NOASSERTION", id);
	if (sha256)
		lf_spdx_add_checksum(&s->doc, p, "SHA256", sha256);
	if (sha512)
		lf_spdx_add_checksum(&s->doc, p, "SHA512", sha512);
}

/* ---- git-checkout ---- */

struct checkout {
	const char *repository, *branch, *tag, *commit;
	const char *ref, *version; /* what is fetched; what it is called */
	struct lf_str host,
		path; /* of the repository; the path without slashes at its ends and ".git" */
};

/* scheme://[user@]host[:port]/path */
static void split_repository(struct checkout *c)
{
	struct lf_str rest = lf_str(c->repository);
	ptrdiff_t scheme = lf_str_search(rest, LF_STR("://")), at;

	c->host = LF_STR("");
	if (scheme >= 0) {
		rest = lf_str_sub(rest, (size_t)scheme + 3, rest.n);
		c->host = lf_str_cut(&rest, '/');
		at = lf_str_rfind(c->host, '@');
		c->host = lf_str_sub(c->host, (size_t)(at + 1), c->host.n);
	}
	while (lf_str_skip(&rest, "/"))
		;
	while (lf_str_ends(rest, "/"))
		rest.n--;
	if (lf_str_ends(rest, ".git"))
		rest.n -= 4;
	c->path = rest.p ? rest : LF_STR("");
}

static const char *checkout_id(struct lf_sbom *s, const struct checkout *c, size_t i)
{
	struct lf_str repository = lf_str(c->repository);
	const char *parts[] = {c->branch, c->tag, c->commit};
	lf_auto_buf id = {0};

	if (!lf_str_skip(&repository, "https://"))
		(void)lf_str_skip(&repository, "http://");
	lf_buf_printf(&id, "Source-" LF_STR_FMT, LF_STR_ARG(repository));
	for (size_t k = 0; k < LF_ARRAY_LEN(parts); k++)
		if (parts[k])
			lf_buf_printf(&id, "-%s", parts[k]);
	lf_buf_printf(&id, "-%zu", i);
	return lf_sbom_id(s, lf_buf_c(&id));
}

static void lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

static void add_github(struct lf_sbom *s, const struct checkout *c, const char *id)
{
	struct lf_str rest = c->path, ns = lf_str_cut(&rest, '/'), name = lf_str_cut(&rest, '/');
	char *purl_ns = lf_arena_str(s->arena, ns), *purl_name;
	const char *location;
	struct lf_spdx_package *p;

	if (lf_str_ends(name, ".git"))
		name.n -= 4;
	purl_name = lf_arena_str(s->arena, name.p ? name : LF_STR(""));
	location = lf_arena_printf(s->arena, "https://github.com/%s/%s/archive/%s.tar.gz", purl_ns,
				   purl_name, c->ref);
	lower(purl_ns);
	lower(purl_name);
	const struct lf_purl purl = {
		.type = "github", .namespace = purl_ns, .name = purl_name, .version = c->version};

	p = add_source(s, id, lf_arena_str(s->arena, name), c->version, location,
		       print_purl(s, &purl));
	p->license_declared = s->license;
	p->originator = p->supplier = lf_sbom_organization(s->arena, ns);
}

static void add_other(struct lf_sbom *s, const struct checkout *c, const char *id)
{
	const char *name = lf_arena_str(s->arena, c->path);
	const char *git = lf_starts(c->repository, "git") ? "" : "git+";
	const char *url =
		c->commit ? lf_arena_printf(s->arena, "%s%s@%s", git, c->repository, c->commit)
			  : lf_arena_printf(s->arena, "%s%s", git, c->repository);
	const struct lf_purl_qualifier qualifier = {"vcs_url", url};
	const struct lf_purl purl = {.type = "generic",
				     .name = name,
				     .version = c->version,
				     .qualifier = &qualifier,
				     .n_qualifiers = 1};
	uint8_t sha256[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_spdx_package *p;

	lf_hash_mem(LF_SHA256, name, strlen(name), sha256);
	lf_hex(sha256, sizeof(sha256), hex);
	p = add_source(s, id, name, c->version,
		       lf_arena_printf(s->arena, "https://tarballs.cgr.dev/%.1s/%s-%s.tar.gz", name,
				       hex, c->ref),
		       print_purl(s, &purl));
	p->license_declared = s->license;
}

static void add_checkout(struct lf_sbom *s, const struct lf_step *step, size_t i)
{
	struct checkout c = {
		.repository = with(step, "repository", ""),
		.branch = with(step, "branch", NULL),
		.tag = with(step, "tag", NULL),
		.commit = with(step, "expected-commit", NULL),
	};

	/* a branch alone does not say what was fetched */
	if (!c.tag && !c.commit)
		return;
	c.ref = c.commit ? c.commit : c.tag;
	c.version = c.tag ? c.tag : c.commit;
	split_repository(&c);
	if (lf_str_is(c.host, "github.com"))
		add_github(s, &c, checkout_id(s, &c, i));
	else
		add_other(s, &c, checkout_id(s, &c, i));
}

/* compat: only the steps at the top count, and their conditions do not. */
void lf_sbom_sources(struct lf_sbom *s, const struct lf_steps *pipeline)
{
	for (size_t i = 0; i < pipeline->n; i++) {
		const struct lf_step *step = &pipeline->v[i];

		if (!strcmp(step->uses, "fetch"))
			add_fetch(s, step, i);
		else if (!strcmp(step->uses, "git-checkout"))
			add_checkout(s, step, i);
	}
}

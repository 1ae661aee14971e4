/*
 * The SBOM of a package: recipe and flags in, var/lib/db/sbom/NAME-VERSION.spdx.json in the
 * package's tree out. A pure value until it is written, apart from license files in the workspace.
 * docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/sbom.h"

#include "sbom/purl.h"

#include "base/banned.h"

#define DIRECTORY "var/lib/db/sbom"

/* ---- texts ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Signs that do not end a word when letters follow. */
static bool joins(char c)
{
	return c == '_' || c == '.' || c == '\'' || c == ':' || (c >= '0' && c <= '9');
}

/* The first letter of each word in upper case, the others in lower case. */
const char *lf_sbom_organization(struct lf_arena *arena, struct lf_str name)
{
	static const char prefix[] = "Organization: ";
	char *text = lf_arena_printf(arena, "%s" LF_STR_FMT, prefix, LF_STR_ARG(name));
	bool inside = false;

	for (char *p = text + sizeof(prefix) - 1; *p; p++) {
		if (is_letter(*p)) {
			*p = (char)(inside ? *p | 0x20 : *p & ~0x20);
			inside = true;
		} else {
			inside = (inside && joins(*p)) || (unsigned char)*p >= 0x80;
		}
	}
	return text;
}

const char *lf_sbom_id(struct lf_sbom *s, const char *text)
{
	lf_auto_buf id = {0};

	lf_buf_puts(&id, "SPDXRef-Package-");
	lf_spdx_id(&id, text, true);
	return lf_arena_str(s->arena, lf_buf_view(&id));
}

/* FNV-1a with 128 bits, as hex. */
static const char *fnv128(struct lf_arena *arena, const char *text)
{
	unsigned __int128 h = (unsigned __int128)0x6c62272e07bb0142 << 64 | 0x62b821756295c58d;
	const unsigned __int128 prime = (unsigned __int128)1 << 88 | 0x13b;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * prime;
	return lf_arena_printf(arena, "%016llx%016llx", (unsigned long long)(h >> 64),
			       (unsigned long long)h);
}

/* ---- packages ---- */

struct lf_spdx_package *lf_sbom_package(struct lf_sbom *s, const char *id, const char *name,
					const char *version)
{
	struct lf_spdx_package *p = lf_spdx_add_package(&s->doc);

	*p = (struct lf_spdx_package){
		.id = id,
		.name = name,
		.version = version,
		.license_concluded = LF_SPDX_NONE,
		.license_declared = LF_SPDX_NONE,
		.download_location = LF_SPDX_NONE,
		.originator = s->organization,
		.supplier = s->organization,
	};
	return p;
}

static void add_purl(struct lf_sbom *s, struct lf_spdx_package *p, const struct lf_purl *purl)
{
	lf_auto_buf text = {0};

	lf_purl_print(&text, purl);
	lf_spdx_add_ref(&s->doc, p, "PACKAGE-MANAGER", lf_arena_str(s->arena, lf_buf_view(&text)),
			"purl");
}

static void add_system(struct lf_sbom *s)
{
	struct lf_spdx_package *p =
		lf_sbom_package(s, "SPDXRef-OperatingSystem", s->in->namespace, "");

	p->description = "Operating System";
	p->purpose = "OPERATING-SYSTEM";
}

static const char *copyright_text(struct lf_sbom *s)
{
	const struct lf_recipe_package *main = &s->in->recipe->package;
	lf_auto_buf text = {0};

	for (size_t i = 0; i < main->copyright.n; i++) {
		const char *attestation = main->copyright.v[i].attestation;

		if (attestation && *attestation)
			lf_buf_printf(&text, "%s\n", attestation);
	}
	return text.n ? lf_arena_str(s->arena, lf_buf_view(&text)) : LF_SPDX_NONE;
}

static const char *or_any(const char *s)
{
	return s && *s ? s : "*";
}

static bool has_any(const struct lf_cpe *c)
{
	const char *const parts[] = {c->part,      c->vendor,    c->product,
				     c->edition,   c->language,  c->sw_edition,
				     c->target_sw, c->target_hw, c->other};

	for (size_t i = 0; i < LF_ARRAY_LEN(parts); i++)
		if (parts[i] && *parts[i])
			return true;
	return false;
}

static bool add_cpe(struct lf_sbom *s, struct lf_spdx_package *p, struct lf_err *err)
{
	const struct lf_recipe_package *main = &s->in->recipe->package;
	const struct lf_cpe *c = &main->cpe;

	if (!has_any(c))
		return true;
	if (!c->vendor || !*c->vendor || !c->product || !*c->product)
		return lf_fail_new(err, LF_E_CONFIG,
				   "invalid package CPE: both vendor and product must be set");
	lf_spdx_add_ref(&s->doc, p, "SECURITY",
			lf_arena_printf(s->arena, "cpe:2.3:%s:%s:%s:%s:*:%s:%s:%s:%s:%s:%s",
					c->part && *c->part ? c->part : "a", c->vendor, c->product,
					main->version, or_any(c->edition), or_any(c->language),
					or_any(c->sw_edition), or_any(c->target_sw),
					or_any(c->target_hw), or_any(c->other)),
			"cpe23Type");
	return true;
}

/* compat: a subpackage has license, copyright and CPE of the main package. */
static bool add_apk(struct lf_sbom *s, const char *name, const char *version, struct lf_err *err)
{
	const char *namespace = s->in->namespace;
	const struct lf_purl_qualifier qualifiers[] = {
		{"arch", s->in->arch},
		{"distro", strcmp(namespace, "unknown") != 0 ? namespace : NULL},
	};
	const struct lf_purl purl = {.type = "apk",
				     .namespace = namespace,
				     .name = name,
				     .version = version,
				     .qualifier = qualifiers,
				     .n_qualifiers = 2};
	struct lf_spdx_package *p = lf_sbom_package(s, s->apk_id, name, version);

	p->license_declared = s->license;
	p->copyright = copyright_text(s);
	p->purpose = "APPLICATION";
	add_purl(s, p, &purl);
	return add_cpe(s, p, err);
}

/* The recipe: where it lies in its repository. */
static bool add_config(struct lf_sbom *s, struct lf_err *err)
{
	const char *path = s->in->recipe->path, *commit = s->in->commit;
	struct lf_str url = lf_str(s->in->repo_url), ns;
	const char *id = lf_sbom_id(s, lf_arena_printf(s->arena, "Melange-%s-%s", path, commit));
	struct lf_spdx_package *p = lf_sbom_package(s, id, path, commit);
	struct lf_purl purl = {.type = "github", .version = commit, .subpath = path};

	(void)lf_str_skip(&url, "https://github.com/");
	ns = lf_str_cut(&url, '/');
	if (!url.p)
		return lf_fail_new(err, LF_E_CONFIG, "extracting namespace and name from URL %s",
				   s->in->repo_url);
	purl.namespace = lf_arena_str(s->arena, ns);
	purl.name = lf_arena_str(s->arena, url);
	if (s->in->license && *s->in->license)
		p->license_declared = s->in->license;
	p->purpose = "INSTALL";
	add_purl(s, p, &purl);
	lf_spdx_relate(&s->doc, s->apk_id, "DESCRIBED_BY", id);
	return true;
}

/* ---- the document ---- */

static void start(struct lf_sbom *s, const char *name, const char *version)
{
	const struct lf_emit_input *in = s->in;
	const char *identity = lf_arena_printf(s->arena, "apk-%s-%s", in->namespace, version);

	s->apk_id = lf_sbom_id(s, lf_arena_printf(s->arena, "apk-%s-%s", name, version));
	s->organization = lf_sbom_organization(s->arena, lf_str(in->namespace));
	s->doc = (struct lf_spdx){
		.arena = s->arena,
		.name = lf_arena_printf(s->arena, "apk-%s-%s", name, version),
		/* compat: the name of the distribution, not that of the package, goes into this */
		.namespace =
			lf_arena_printf(s->arena, "https://spdx.org/spdxdocs/chainguard/melange/%s",
					fnv128(s->arena, identity)),
		.license_list_version = "3.22",
		.created = in->source_date_epoch,
		.creator = {"Tool: melange (v" FACTORY_VERSION ")",
			    "Organization: Chainguard, Inc"},
		.describes = s->apk_id,
	};
}

static bool fill(struct lf_sbom *s, const struct lf_output *main, const struct lf_output *out,
		 const char *version, const char *workspace, struct lf_err *err)
{
	start(s, out->unit->name, version);
	if (!lf_sbom_licenses(s, out->is_main, workspace, err))
		return false;
	add_system(s);
	if (!add_apk(s, out->unit->name, version, err))
		return false;
	if (!out->is_main)
		lf_sbom_sources(s, out->pipeline);
	if (!add_config(s, err))
		return false;
	lf_sbom_sources(s, main->pipeline);
	return true;
}

bool lf_emit_sbom(const struct lf_emit_input *in, const struct lf_output *main,
		  struct lf_output *out, const char *workspace, struct lf_arena *arena,
		  struct lf_err *err)
{
	const char *version = lf_recipe_full_version(in->recipe);
	const char *path =
		lf_arena_printf(arena, DIRECTORY "/%s-%s.spdx.json", out->unit->name, version);
	struct lf_sbom s = {.in = in, .arena = arena};
	lf_auto_buf text = {0};
	struct lf_node *file;

	if (!fill(&s, main, out, version, workspace, err))
		return lf_fail(err, "generating SBOM for %s", out->unit->name);
	lf_spdx_print(&text, &s.doc);
	if (!lf_tree_mkdirs(out->tree, DIRECTORY, 0755, err))
		return lf_fail(err, "creating SBOM directory");
	file = lf_tree_write(out->tree, path, text.p, text.n, 0644, err);
	if (!file)
		return lf_fail(err, "writing SBOM");
	file->mode = 0644;
	file->uid = file->gid = 0;
	return true;
}

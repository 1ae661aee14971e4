/*
 * Certificates: configured ones become files of their own and are appended to the bundles that the
 * image has; each bundle and Java truststore gets a checksum file beside it, which later tools
 * compare. Keys of the runtime keyring are of the same making.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/certificates.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/pem.h"
#include "trust/key.h"
#include "base/banned.h"

#define MAX_STORE (64 * 1024 * 1024)

static const char *const bundles[] = {
	"etc/ssl/certs/ca-certificates.crt",
	"var/lib/ecs/deps/execute-command/certs/tls-ca-bundle.pem",
	"kaniko/ssl/certs/ca-certificates.crt",
};
#define TRUSTSTORE "etc/ssl/certs/java/cacerts"

static bool parse_single(const char *content, const char *want, const char *none,
			 const char *several, struct lf_buf *der, struct lf_err *err)
{
	struct lf_str rest = lf_str(content), label;
	lf_auto_buf more = {0};

	if (!lf_pem_next(&rest, &label, der))
		return lf_fail_new(err, LF_E_CONFIG, "%s", none);
	if (!lf_str_is(label, want))
		return lf_fail_new(err, LF_E_CONFIG, "expected %s block, got " LF_STR_FMT, want,
				   LF_STR_ARG(label));
	if (lf_pem_next(&rest, &label, &more))
		return lf_fail_new(err, LF_E_CONFIG, "%s", several);
	return true;
}

static void add_certificate(struct lf_certificates *list, struct lf_arena *arena,
			    const char *prefix, struct lf_str der)
{
	uint8_t digest[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_buf pem = {0};

	lf_hash_mem(LF_SHA256, der.p, der.n, digest);
	lf_hex(digest, sizeof(digest), hex);
	lf_pem_print(&pem, "CERTIFICATE", der);
	lf_vec_push(list, (struct lf_certificate){
				  .alias = lf_arena_printf(arena, "%s-%s", prefix, hex),
				  .pem = {lf_arena_dup(arena, pem.p, pem.n), pem.n},
				  .der = {lf_arena_dup(arena, der.p, der.n), der.n},
			  });
}

static bool add_configured(struct lf_image *img, struct lf_certificates *list, struct lf_err *err)
{
	for (size_t i = 0; i < img->config.certificates.additional.n; i++) {
		const struct lf_named_text *c = &img->config.certificates.additional.v[i];
		lf_auto_buf der = {0};

		if (!parse_single(c->content, "CERTIFICATE",
				  *c->content ? "no certificates found in PEM data"
					      : "no certificate data provided",
				  "multiple certificates found; only one is allowed", &der, err))
			return lf_fail(err, "failed to parse certificate %s", c->name);
		add_certificate(list, &img->arena, c->name, lf_buf_view(&der));
		const char *path =
			lf_arena_printf(&img->arena, "usr/local/share/ca-certificates/%s.crt",
					list->v[list->n - 1].alias);

		if (!lf_root_mkdirs(img, "usr/local/share/ca-certificates", 0755, err))
			return false;
		struct lf_node *n = lf_root_write(img, path, list->v[list->n - 1].pem, 0644, err);

		if (!n)
			return false;
		n->mtime = img->created.seconds;
	}
	return true;
}

/* ---- certificates that packages provide ---- */

static bool is_provider(const struct lf_image *img, uint32_t owner)
{
	const struct lf_strv *wanted = &img->config.certificates.providers;

	if (owner == LF_OWNER_NONE)
		return false;
	const struct lf_strv *provides = &img->package[owner]->apk.pkg.provides;

	for (size_t i = 0; i < wanted->n; i++)
		if (lf_strv_has(provides, wanted->v[i]))
			return true;
	return false;
}

static void add_file(struct lf_image *img, const struct lf_node *n, struct lf_certificates *list)
{
	lf_auto_buf text = {0}, der = {0};
	struct lf_str rest, label;

	if (!lf_tree_read(img->tree, n, MAX_STORE, &text, NULL))
		return;
	rest = lf_buf_view(&text);
	if (lf_pem_next(&rest, &label, &der) && lf_str_is(label, "CERTIFICATE"))
		add_certificate(list, &img->arena, "pkg", lf_buf_view(&der));
}

static void add_provided(struct lf_image *img, struct lf_node *dir, struct lf_certificates *list)
{
	if (!dir || dir->type != LF_NODE_DIR)
		return;
	lf_node_sort(dir);
	for (struct lf_node *c = dir->child; c; c = c->next) {
		if (c->type == LF_NODE_DIR)
			add_provided(img, c, list);
		else if (is_provider(img, c->owner) &&
			 (lf_ends(c->name, ".crt") || lf_ends(c->name, ".pem")))
			add_file(img, c, list);
	}
}

/* ---- stores ---- */

static bool rewrite(struct lf_image *img, const char *path, struct lf_str content,
		    struct lf_err *err)
{
	struct lf_node *n = lf_root_write(img, path, content, 0644, err);

	if (n)
		n->mtime = img->created.seconds;
	return n;
}

static bool append_to_bundle(struct lf_image *img, const char *path,
			     const struct lf_certificates *list, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!lf_root_read(img, path, &text))
		return lf_fail_new(err, LF_E_CONFIG, "reading %s", path);
	for (size_t i = 0; i < list->n; i++) {
		lf_buf_str(&text, list->v[i].pem);
		lf_buf_putc(&text, '\n');
	}
	return rewrite(img, path, lf_buf_view(&text), err);
}

static bool add_to_truststore(struct lf_image *img, const struct lf_certificates *list,
			      struct lf_err *err)
{
	lf_auto_buf old = {0}, new = {0};

	if (!lf_root_read(img, TRUSTSTORE, &old))
		return lf_fail_new(err, LF_E_CONFIG, "reading %s", TRUSTSTORE);
	if (!lf_truststore_add(lf_buf_view(&old), list, img->created.seconds, &img->arena, &new,
			       err))
		return lf_fail(err, "updating %s", TRUSTSTORE);
	return rewrite(img, TRUSTSTORE, lf_buf_view(&new), err);
}

static bool write_checksum(struct lf_image *img, const char *path, struct lf_err *err)
{
	lf_auto_buf text = {0};
	uint8_t digest[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	const char *base = strrchr(path, '/') + 1;

	if (!lf_root_read(img, path, &text))
		return true;
	lf_hash_mem(LF_SHA256, text.p, text.n, digest);
	lf_hex(digest, sizeof(digest), hex);
	const char *line = lf_arena_printf(&img->arena, "%s  %s\n", hex, base);
	const char *file =
		lf_arena_printf(&img->arena, "%s/.%s.sha256", lf_root_dirname(img, path), base);
	struct lf_node *n = lf_root_write(img, file, lf_str(line), 0444, err);

	if (n)
		n->mtime = img->created.seconds;
	return n;
}

static bool update_store(struct lf_image *img, const char *path, const struct lf_certificates *list,
			 struct lf_err *err)
{
	const struct lf_node *n = lf_tree_find(img->tree, path, true);

	if (!n || lf_node_content(n)->type != LF_NODE_FILE)
		return true;
	if (list->n && !(strcmp(path, TRUSTSTORE) == 0 ? add_to_truststore(img, list, err)
						       : append_to_bundle(img, path, list, err)))
		return false;
	return write_checksum(img, path, err);
}

bool lf_image_certificates(struct lf_image *img, struct lf_err *err)
{
	struct lf_certificates list = {0};
	bool ok = add_configured(img, &list, err);

	if (ok && img->config.certificates.providers.n)
		add_provided(img, lf_tree_find(img->tree, "usr/local/share/ca-certificates", true),
			     &list);
	for (size_t i = 0; ok && i < LF_ARRAY_LEN(bundles); i++)
		ok = update_store(img, bundles[i], &list, err);
	ok = ok && update_store(img, TRUSTSTORE, &list, err);
	lf_vec_fini(&list);
	return ok || lf_fail(err, "failed to install certificates");
}

/* ---- the runtime keyring ---- */

static bool add_key(struct lf_image *img, const struct lf_named_text *k, struct lf_err *err)
{
	lf_auto_buf der = {0}, pem = {0};
	const char *path = lf_arena_printf(&img->arena, "etc/apk/keys/%s", k->name);

	if (!parse_single(k->content, "PUBLIC KEY", "no PEM block found",
			  "multiple PEM blocks found; only one is allowed", &der, err))
		return lf_fail(err, "failed to parse runtime keyring entry \"%s\"", k->name);
	lf_pem_print(&pem, "PUBLIC KEY", lf_buf_view(&der));
	lf_auto_key *key = lf_key_parse_public(lf_buf_view(&pem), k->name, err);

	if (!key)
		return lf_fail(err, "failed to parse runtime keyring entry \"%s\"", k->name);
	if (lf_tree_find(img->tree, path, false))
		return lf_fail_new(
			err, LF_E_CONFIG,
			"runtime keyring entry \"%s\" collides with an existing /etc/apk/keys "
			"entry",
			k->name);
	return rewrite(img, path, lf_buf_view(&pem), err);
}

bool lf_image_runtime_keyring(struct lf_image *img, struct lf_err *err)
{
	for (size_t i = 0; i < img->config.contents.runtime_keyring.n; i++)
		if (!add_key(img, &img->config.contents.runtime_keyring.v[i], err))
			return lf_fail(err, "failed to install runtime keyring");
	return true;
}

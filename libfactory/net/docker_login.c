/*
 * Keeping credentials: into docker's config.json, whose other content stays as it is, or with the
 * helper program that it names for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/docker_config.h"

#include "base/fs.h"
#include "base/mem.h"
#include "codec/json.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_CONFIG ((size_t)4 << 20)

/* A file that is not there is an empty one. */
static json_t *load(const char *path, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (lf_exists(path) && !lf_read_file(path, MAX_CONFIG, &text, err))
		return NULL;
	return lf_docker_json(lf_buf_view(&text), path, err);
}

/* As Go indents with tabs: a line cannot begin within a string. */
static void print_with_tabs(struct lf_buf *out, const json_t *value)
{
	lf_auto_buf text = {0};
	bool at_start = true;

	lf_json_print(&text, value, 1);
	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];

		lf_buf_putc(out, at_start && c == ' ' ? '\t' : c);
		at_start = c == '\n' || (at_start && c == ' ');
	}
}

static bool save(const char *path, const json_t *config, struct lf_err *err)
{
	lf_auto_buf text = {0}, dir = {0};

	lf_buf_str(&dir, lf_path_dir(lf_str(path)));
	print_with_tabs(&text, config);
	return lf_mkdirs(dir.p, 0700, err) && lf_write_file(path, text.p, text.n, 0600, err);
}

static const char *find_helper(const json_t *config, const char *registry, struct lf_arena *arena)
{
	const char *helper =
		lf_docker_json_text(json_object_get(config, "credHelpers"), registry, arena);

	return helper ? helper : lf_docker_json_text(config, "credsStore", arena);
}

static void add_entry(json_t *config, const char *key, const char *user, const char *password)
{
	json_t *auths = json_object_get(config, "auths"), *entry = json_object();
	lf_auto_buf plain = {0}, base64 = {0};

	if (user) {
		lf_buf_printf(&plain, "%s:%s", user, password);
		lf_base64(&base64, plain.p, plain.n);
		lf_json_set(entry, "auth", lf_json_text(lf_buf_view(&base64)));
	}
	if (!json_is_object(auths)) {
		lf_json_set(config, "auths", json_object());
		auths = json_object_get(config, "auths");
	}
	lf_json_set(auths, key, entry);
}

bool lf_docker_login(const struct lf_ctx *ctx, const char *path, const char *registry,
		     const char *user, const char *password, bool *ret_plain, struct lf_err *err)
{
	lf_auto_json *config = load(path, err);
	const char *key = lf_docker_config_key(registry), *helper;
	lf_auto_arena arena = {0};

	if (!config)
		return false;
	helper = find_helper(config, registry, &arena);
	if (helper && !lf_docker_helper_store(ctx, helper, key, user, password, err))
		return lf_fail(err, "storing credentials for %s", registry);
	/* An empty entry says that there is something to ask the helper for. */
	add_entry(config, key, helper ? NULL : user, password);
	if (!save(path, config, err))
		return false;
	*ret_plain = !helper;
	return true;
}

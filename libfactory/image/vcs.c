/*
 * Where a configuration comes from: origin and commit of the git repository around it, read from
 * its files. Any trouble only means that there is no answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/setup.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "image/git.h"

#include "base/banned.h"

#define MAX_FILE (4 * 1024 * 1024) /* of a repository's configuration */

/* Up from the directory of the configuration to the current one. */
static char *find_repository(const char *path)
{
	lf_auto_free char *file = lf_path_abs(path, NULL), *top = lf_path_abs(".", NULL);

	while (file && top) {
		char *slash = strrchr(file, '/');

		if (!slash || slash == file)
			break;
		*slash = '\0';
		char *git = lf_git_dir(file);

		if (git || strcmp(file, top) == 0)
			return git;
	}
	return NULL;
}

static const char *origin_url(const char *common, struct lf_arena *arena)
{
	lf_auto_free char *path = lf_path_join(common, "config");
	lf_auto_buf text = {0};
	struct lf_str rest, line;
	bool inside = false;

	if (!lf_read_file(path, MAX_FILE, &text, NULL))
		return NULL;
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		line = lf_str_trim(line);
		if (lf_str_starts(line, "["))
			inside = lf_str_is(line, "[remote \"origin\"]");
		struct lf_str value = line, key = lf_str_trim(lf_str_cut(&value, '='));

		if (inside && value.p && lf_str_is(key, "url"))
			return lf_arena_str(arena, lf_str_trim(value));
	}
	return NULL;
}

/* "user@host:repo" becomes an ssh URL; user and password are nobody's business. */
static const char *public_url(const char *url, struct lf_arena *arena)
{
	const char *scheme = strstr(url, "://"), *at, *colon;

	if (scheme) {
		const char *host = scheme + 3, *slash = strchr(host, '/');

		at = strchr(host, '@');
		if (!at || (slash && at > slash))
			return url;
		return lf_arena_printf(arena, "%.*s%s", (int)(host - url), url, at + 1);
	}
	at = strchr(url, '@');
	colon = strchr(url, ':');
	if (!at || !colon || colon < at)
		return url;
	return lf_arena_printf(arena, "git+ssh://%.*s/%s", (int)(colon - at - 1), at + 1,
			       colon + 1);
}

const char *lf_vcs_probe(const struct lf_ctx *ctx, const char *path, struct lf_arena *arena)
{
	lf_auto_free char *git = find_repository(path);
	lf_auto_free char *common = git ? lf_git_common_dir(git) : NULL;
	const char *url = common ? origin_url(common, arena) : NULL;
	lf_auto_free char *commit = url ? lf_git_commit(git, NULL) : NULL;

	if (!commit || !lf_git_has_object(common, commit)) {
		lf_debug(ctx, "no vcs url for %s", path);
		return NULL;
	}
	return lf_arena_printf(arena, "%s@%s", public_url(url, arena), commit);
}

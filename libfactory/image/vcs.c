/*
 * Where a configuration comes from: origin and commit of the git repository around it, read from
 * its files. Any trouble only means that there is no answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/setup.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

#define MAX_FILE (4 * 1024 * 1024)

static bool read_below(const char *dir, const char *name, struct lf_buf *ret)
{
	lf_auto_free char *path = lf_path_join(dir, name);

	return lf_read_file(path, MAX_FILE, ret, NULL);
}

/* The directory itself, or where a worktree's file points. Caller frees; NULL when it is none. */
static char *git_dir(const char *dir)
{
	lf_auto_free char *path = lf_path_join(dir, ".git");
	lf_auto_buf text = {0};

	if (lf_is_dir(path))
		return lf_take(path);
	if (!lf_read_file(path, MAX_FILE, &text, NULL))
		return NULL;
	struct lf_str s = lf_str_trim(lf_buf_view(&text));

	if (!lf_str_skip(&s, "gitdir: "))
		return NULL;
	lf_auto_free char *target = lf_alloc(s.n + 1);

	memcpy(target, s.p, s.n);
	target[s.n] = '\0';
	return target[0] == '/' ? lf_take(target) : lf_path_join(dir, target);
}

/* The common directory of a worktree, which has config and refs. */
static char *common_dir(const char *git)
{
	lf_auto_buf text = {0};

	if (!read_below(git, "commondir", &text))
		return lf_strdup(git);
	while (text.n && text.p[text.n - 1] == '\n')
		text.p[--text.n] = '\0';
	return text.p[0] == '/' ? lf_strdup(text.p) : lf_path_join(git, text.p);
}

/* Up from the directory of the configuration to the current one. */
static char *find_repository(const char *path)
{
	lf_auto_free char *file = lf_path_abs(path, NULL), *top = lf_path_abs(".", NULL);

	while (file && top) {
		char *slash = strrchr(file, '/');

		if (!slash || slash == file)
			break;
		*slash = '\0';
		char *git = git_dir(file);

		if (git || strcmp(file, top) == 0)
			return git;
	}
	return NULL;
}

static bool is_commit(struct lf_str s)
{
	uint8_t id[32];

	return lf_unhex(s, id, 20) || lf_unhex(s, id, 32);
}

static const char *packed_ref(const char *common, struct lf_str ref, struct lf_arena *arena)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	if (!read_below(common, "packed-refs", &text))
		return NULL;
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		struct lf_str id = lf_str_cut(&line, ' ');

		if (line.p && lf_str_eq(line, ref) && is_commit(id))
			return lf_arena_str(arena, id);
	}
	return NULL;
}

static const char *head_commit(const char *git, const char *common, struct lf_arena *arena)
{
	lf_auto_buf head = {0}, text = {0};
	struct lf_str s;

	if (!read_below(git, "HEAD", &head))
		return NULL;
	s = lf_str_trim(lf_buf_view(&head));
	if (!lf_str_skip(&s, "ref: "))
		return is_commit(s) ? lf_arena_str(arena, s) : NULL;
	if (!read_below(common, lf_arena_str(arena, s), &text))
		return packed_ref(common, s, arena);
	s = lf_str_trim(lf_buf_view(&text));
	return is_commit(s) ? lf_arena_str(arena, s) : NULL;
}

static const char *origin_url(const char *common, struct lf_arena *arena)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;
	bool inside = false;

	if (!read_below(common, "config", &text))
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
	lf_auto_free char *common = git ? common_dir(git) : NULL;
	const char *url = common ? origin_url(common, arena) : NULL;
	const char *commit = url ? head_commit(git, common, arena) : NULL;

	if (!commit || !lf_git_has_object(common, commit)) {
		lf_debug(ctx, "no vcs url for %s", path);
		return NULL;
	}
	return lf_arena_printf(arena, "%s@%s", public_url(url, arena), commit);
}

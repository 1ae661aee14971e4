/*
 * The commit of a git repository from its files: .git (a folder, or a file "gitdir: PATH"), HEAD,
 * loose references, packed-refs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/git.h"

#include "base/fs.h"
#include "base/str.h"
#include "base/banned.h"

#define MAX_FILE  (64u << 20) /* packed-refs of large repositories */
#define MAX_LINKS 5           /* symbolic references in a row */

static bool is_commit(struct lf_str s)
{
	uint8_t bytes[32];

	return (s.n == 40 && lf_unhex(s, bytes, 20)) || (s.n == 64 && lf_unhex(s, bytes, 32));
}

/* The text of DIR/NAME without blanks around it, or NULL. */
static char *read_text(const char *dir, const char *name, struct lf_err *err)
{
	lf_auto_buf text = {0};
	lf_auto_free char *path = lf_path_join(dir, name);

	if (!lf_read_file(path, MAX_FILE, &text, err))
		return NULL;
	struct lf_str s = lf_str_trim(lf_buf_view(&text));
	char *ret = lf_calloc(s.n + 1, 1);
	memcpy(ret, s.p, s.n);
	return ret;
}

/* A path in a git file: absolute, or relative to the folder of that file. */
static char *resolve(const char *dir, const char *path)
{
	return path[0] == '/' ? lf_strdup(path) : lf_path_join(dir, path);
}

char *lf_git_dir(const char *dir)
{
	char *path = lf_path_join(dir, ".git");

	if (lf_is_dir(path))
		return path;
	lf_auto_free char *text = lf_exists(path) ? read_text(dir, ".git", NULL) : NULL;
	lf_free(path);
	if (!text || !lf_starts(text, "gitdir: "))
		return NULL;
	return resolve(dir, text + strlen("gitdir: "));
}

static char *find_git_dir(const char *dir, struct lf_err *err)
{
	lf_auto_free char *at = lf_path_abs(dir, err);

	while (at) {
		char *found = lf_git_dir(at);
		if (found)
			return found;
		if (!strcmp(at, "/"))
			break;
		struct lf_str up = lf_path_dir(lf_str(at));
		at[up.n] = 0; /* up is a prefix of at; "/" for the last one */
	}
	if (at)
		lf_fail_new(err, LF_E_NOT_FOUND, "repository does not exist");
	return NULL;
}

/* packed-refs: "HEX NAME" lines, "#" comments, "^HEX" peeled tags. */
static char *find_packed(const char *common, const char *name)
{
	lf_auto_free char *text = read_text(common, "packed-refs", NULL);
	struct lf_str rest = lf_str(text), line;

	while (lf_str_line(&rest, &line)) {
		struct lf_str id = lf_str_cut(&line, ' ');
		if (lf_str_is(line, name) && is_commit(id)) {
			char *ret = lf_calloc(id.n + 1, 1);
			memcpy(ret, id.p, id.n);
			return ret;
		}
	}
	return NULL;
}

static bool is_safe_ref(const char *name)
{
	return lf_starts(name, "refs/") && !strstr(name, "..");
}

char *lf_git_common_dir(const char *git)
{
	lf_auto_free char *text = read_text(git, "commondir", NULL);

	return text ? resolve(git, text) : lf_strdup(git);
}

static char *read_ref(const char *git, const char *common, const char *name)
{
	char *text = read_text(git, name, NULL);

	if (!text)
		text = read_text(common, name, NULL);
	return text ? text : find_packed(common, name);
}

char *lf_git_commit(const char *git, struct lf_err *err)
{
	lf_auto_free char *common = lf_git_common_dir(git);
	lf_auto_free char *text = read_text(git, "HEAD", err);

	for (int i = 0; text && i < MAX_LINKS; i++) {
		if (is_commit(lf_str(text)))
			return lf_take(text);
		const char *name = text + strlen("ref: ");
		if (!lf_starts(text, "ref: ") || !is_safe_ref(name))
			break;
		char *next = read_ref(git, common, name);
		lf_free(text);
		text = next;
		if (!text)
			lf_fail_new(err, LF_E_NOT_FOUND, "reference not found");
	}
	if (text)
		lf_fail_new(err, LF_E_FORMAT, "%s/HEAD: neither a commit nor a reference", git);
	return NULL;
}

char *lf_git_head(const char *dir, struct lf_err *err)
{
	lf_auto_free char *git = find_git_dir(dir, err);

	return git ? lf_git_commit(git, err) : NULL;
}

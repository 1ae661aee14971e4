/*
 * Linters that find other systems and machines in the names of files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

/* A path in lower case, cut in two. */
struct lower {
	char *path, *folder;
	const char *base;
};

struct walker {
	struct lf_lint *lint;
	json_t *found;
	const char *key; /* in the details of one file */
	const char *(*judge)(const struct lower *p);
};

static struct lower lower_path(struct lf_arena *arena, const char *path)
{
	struct lower p = {.path = lf_arena_strdup(arena, path)};
	char *slash;

	for (char *c = p.path; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	slash = strrchr(p.path, '/');
	p.base = slash ? slash + 1 : p.path;
	p.folder = slash ? lf_arena_dup(arena, p.path, (size_t)(slash - p.path))
			 : lf_arena_strdup(arena, ".");
	return p;
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	struct walker *w = data;
	struct lower p;
	const char *name;
	json_t *one;

	(void)err;
	if (n->type == LF_NODE_DIR || lf_lint_below(path, LF_LINT_SBOM_DIR))
		return true;
	p = lower_path(&scratch, path);
	name = w->judge(&p);
	if (!name)
		return true;
	one = json_object();
	lf_json_set_str(one, "path", path);
	lf_json_set_str(one, w->key, name);
	json_array_append_new(w->found, one);
	lf_lint_item(w->lint, "%s (%s)", path, name);
	return true;
}

static bool run(struct lf_lint *l, const char *(*judge)(const struct lower *), const char *key,
		const char *list, struct lf_err *err)
{
	lf_auto_json *found = json_array();
	struct walker w = {l, found, key, judge};

	if (!lf_tree_walk(l->out->tree, visit, &w, err))
		return false;
	if (!json_array_size(found))
		return true;
	lf_lint_message(l, json_array_size(found));
	l->details = json_object();
	lf_json_set(l->details, list, json_incref(found));
	return true;
}

static const char *judge_system(const struct lower *p)
{
	static const struct {
		const char *word, *platform;
	} words[] = {
		{"darwin", "macos"},  {"macos", "macos"},     {"mac_os", "macos"},
		{"mac-os", "macos"},  {"osx", "macos"},       {"os_x", "macos"},
		{"os-x", "macos"},    {"windows", "windows"}, {"win32", "windows"},
		{"win64", "windows"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(words); i++)
		if (strstr(p->folder, words[i].word) || strstr(p->base, words[i].word))
			return words[i].platform;
	return NULL;
}

bool lf_lint_nonlinux(struct lf_lint *l, struct lf_err *err)
{
	return run(l, judge_system, "platform", "references", err);
}

/* SEP ARCH SEP, SEP ARCH ".", or SEP ARCH at the end. */
static bool is_named_for(const char *base, const char *arch)
{
	size_t n = strlen(arch);

	for (const char *at = base; (at = strstr(at, arch)); at++) {
		char before = at > base ? at[-1] : '\0', behind = at[n];

		if (before && strchr("-_.", before) &&
		    (!behind || behind == before || behind == '.'))
			return true;
	}
	return false;
}

static bool names_supported(const char *path)
{
	static const char *const supported[] = {"aarch64", "arm64", "amd64", "x86_64", "x86-64"};

	for (size_t i = 0; i < LF_ARRAY_LEN(supported); i++)
		if (strstr(path, supported[i]))
			return true;
	return false;
}

static bool is_folder_of(struct lf_str folder, const char *arch)
{
	ptrdiff_t at;

	while ((at = lf_str_find(folder, '/')) >= 0) {
		folder = lf_str_sub(folder, (size_t)at + 1, folder.n);
		if (lf_str_starts(folder, arch))
			return true;
	}
	return false;
}

static const char *judge_arch(const struct lower *p)
{
	static const char *const archs[] = {
		"i386",    "i686",    "x86_32", "x86-32",  "ppc64",  "ppc64le",
		"powerpc", "s390x",   "s390",   "mips",    "mipsel", "mips64",
		"riscv",   "riscv64", "sparc",  "sparc64", "ia64",   "m68k",
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(archs); i++)
		if (is_folder_of(lf_str(p->folder), archs[i]) ||
		    (is_named_for(p->base, archs[i]) && !names_supported(p->path)))
			return archs[i];
	return NULL;
}

bool lf_lint_unsupportedarch(struct lf_lint *l, struct lf_err *err)
{
	return run(l, judge_arch, "arch", "files", err);
}

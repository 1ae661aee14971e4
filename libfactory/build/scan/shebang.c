/*
 * Scripts: the interpreter in "#!" of files below the bin folders is a dependency cmd:NAME.
 *
 * compat: only the first 80 bytes count, a longer line is simply cut; the interpreters that every
 * image has (sh, python, awk, …) are not asked for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

#define HEAD      80
#define MAX_WORDS HEAD
#define ENV       "/usr/bin/env"

static bool is_common(struct lf_str name)
{
	static const char *const common[] = {"python3", "python", "sh", "awk", "luajit"};

	for (size_t i = 0; i < LF_ARRAY_LEN(common); i++)
		if (lf_str_is(name, common[i]))
			return true;
	return false;
}

/* The program behind env, or false with what upstream says of it. */
static bool behind_env(const struct lf_str *word, size_t n, struct lf_arena *arena,
		       struct lf_str *ret, const char **ret_problem)
{
	lf_auto_buf all = {0};

	if (n == 1) {
		*ret_problem = "a shbang of only '" ENV "'";
		return false;
	}
	if (n == 2 || (lf_str_is(word[1], "-S") && !lf_str_starts(word[2], "-"))) {
		*ret = word[n == 2 ? 1 : 2];
		return true;
	}
	for (size_t i = 0; i < n; i++)
		lf_buf_printf(&all, " " LF_STR_FMT, LF_STR_ARG(word[i]));
	*ret_problem =
		lf_arena_printf(arena, "a shbang of only '" ENV "' with multiple arguments (%zu%s)",
				n, lf_buf_c(&all));
	return false;
}

bool lf_shebang_parse(struct lf_str head, struct lf_arena *arena, const char **ret,
		      const char **ret_problem)
{
	struct lf_str words[MAX_WORDS], rest, program;
	size_t n = 0;

	*ret = "";
	if (!lf_str_skip(&head, "#!"))
		return true;
	rest = lf_str_cut(&head, '\n');
	while (n < MAX_WORDS && lf_str_word(&rest, &words[n]))
		n++;
	if (!n)
		return true;
	program = words[0];
	if (lf_str_is(program, ENV) && !behind_env(words, n, arena, &program, ret_problem))
		return false;
	program = lf_path_base(program);
	if (!is_common(program))
		*ret = lf_arena_str(arena, program);
	return true;
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct lf_scan *s = data;
	const struct lf_node *content = lf_node_content(n);
	const char *program, *problem;
	char head[HEAD];
	size_t size;

	if (!content || content->type != LF_NODE_FILE || n->type == LF_NODE_SYMLINK)
		return true;
	if (!lf_scan_below(path, "usr/bin") && !lf_scan_below(path, "usr/local/bin") &&
	    !lf_scan_below(path, "usr/local/sbin"))
		return true;
	size = content->size < HEAD ? content->size : HEAD;
	if (size && !lf_blob_read(content->blob, content->offset, head, size, err))
		return false;
	if (!lf_shebang_parse((struct lf_str){head, size}, s->arena, &program, &problem)) {
		lf_warn(s->ctx, "Error reading shbang from %s: %s", path, problem);
		return true;
	}
	if (*program) {
		lf_info(s->ctx, "Added shbang dep cmd:%s for %s", program, path);
		lf_scan_add(s, &s->runtime, "cmd:%s", program);
	}
	return true;
}

bool lf_scan_shebang(struct lf_scan *s, struct lf_err *err)
{
	return lf_tree_walk(s->tree, visit, s, err);
}

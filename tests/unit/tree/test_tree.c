/*
 * The tree value: finding through links, making directories, writing, removing, walking in tar
 * order, names of owners.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tree/tree.h"

#include "base/banned.h"

/* "a/", "a/f=text", "a/l->target", several by blanks. */
static struct lf_tree *make(const char *spec)
{
	struct lf_tree *t = lf_tree_new();
	struct lf_str rest = lf_str(spec), word;

	while (lf_str_word(&rest, &word)) {
		char path[256], *sep;
		struct lf_node *n;

		snprintf(path, sizeof(path), LF_STR_FMT, LF_STR_ARG(word));
		if ((sep = strstr(path, "->"))) {
			*sep = '\0';
			char *slash = strrchr(path, '/');

			if (slash)
				*slash = '\0';
			n = lf_tree_add(t, lf_tree_find(t, slash ? path : "", true),
					lf_str(slash ? slash + 1 : path), LF_NODE_SYMLINK);
			n->link = lf_arena_strdup(lf_tree_arena(t), sep + 2);
			n->mode = 0777;
		} else if ((sep = strchr(path, '='))) {
			*sep = '\0';
			assert_non_null(
				lf_tree_write(t, path, sep + 1, strlen(sep + 1), 0644, NULL));
		} else {
			assert_non_null(lf_tree_mkdirs(t, path, 0755, NULL));
		}
	}
	return t;
}

static void finds_through_links(void **state)
{
	static const struct {
		const char *tree, *path;
		bool follow;
		const char *want; /* NULL: nothing */
	} cases[] = {
		{"a/b/ a/b/f=x", "a/b/f", true, "a/b/f"},
		{"a/b/ a/b/f=x", "/a//b/./f", true, "a/b/f"},
		{"a/b/ a/b/f=x", "a/b/f/g", true, NULL},
		{"a/b/ a/b/f=x", "a/c", true, NULL},
		{"a/b/ l->a/b a/b/f=x", "l/f", true, "a/b/f"},
		{"a/b/ l->a/b", "l", false, "l"},
		{"a/b/ l->a/b", "l", true, "a/b"},
		{"a/b/ a/l->../a/b a/b/f=x", "a/l/f", false, "a/b/f"},
		{"a/ b/ b/f=x a/l->/b", "a/l/f", true, "b/f"},
		{"a/ f=x a/l->../../../../f", "a/l", true, "f"},
		{"a->b b->a", "a", true, NULL},
		{"a->a", "a/x", true, NULL},
		{"a->nowhere", "a", true, NULL},
		{"a->nowhere", "a", false, "a"},
		{"a/", "..", true, ""},
		{"a/", "", true, ""},
		{"a/", "a/../../a", true, "a"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_tree *t = make(cases[i].tree);
		struct lf_node *n = lf_tree_find(t, cases[i].path, cases[i].follow);
		lf_auto_buf got = {0};

		if (!cases[i].want) {
			assert_null(n);
		} else {
			assert_non_null(n);
			lf_node_path(n, &got);
			assert_string_equal(lf_buf_c(&got), cases[i].want);
		}
		lf_tree_free(t);
	}
}

static bool list(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	(void)n;
	(void)err;
	lf_buf_printf(data, "%s ", path);
	return true;
}

static void walks_by_component(void **state)
{
	struct lf_tree *t = make("a-b/ a/ a/z=1 a/b/ a/b/c=2 a.x=3 A=4");
	lf_auto_buf got = {0};

	(void)state;
	assert_true(lf_tree_walk(t, list, &got, NULL));
	assert_string_equal(lf_buf_c(&got), "A a a/b a/b/c a/z a-b a.x ");
	assert_int_equal(lf_tree_count(t), 7);
	lf_tree_free(t);
}

static void removes_and_adds_again(void **state)
{
	struct lf_tree *t = make("d/ d/e/ d/e/f=1 d/g=2");
	lf_auto_buf got = {0};

	(void)state;
	lf_tree_remove(t, lf_tree_find(t, "d/e", false));
	assert_null(lf_tree_find(t, "d/e/f", false));
	assert_non_null(lf_tree_mkdirs(t, "d/e", 0700, NULL));
	assert_true(lf_tree_walk(t, list, &got, NULL));
	assert_string_equal(lf_buf_c(&got), "d d/e d/g ");
	lf_tree_free(t);
}

static void survives_many_names(void **state)
{
	struct lf_tree *t = lf_tree_new();
	char name[32];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		lf_tree_add(t, lf_tree_root(t), lf_str(name), LF_NODE_FILE);
	}
	for (int i = 0; i < 5000; i += 2) {
		snprintf(name, sizeof(name), "f%d", i);
		lf_tree_remove(t, lf_tree_find(t, name, false));
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		assert_int_equal(lf_tree_find(t, name, false) != NULL, i % 2);
	}
	assert_int_equal(lf_tree_count(t), 2500);
	lf_tree_free(t);
}

static void makes_directories(void **state)
{
	struct lf_tree *t = make("a/ l->a f=x");
	lf_auto_err err = {0};
	struct lf_node *n = lf_tree_mkdirs(t, "l/b/c", 01777, &err);

	(void)state;
	assert_non_null(n);
	assert_ptr_equal(n, lf_tree_find(t, "a/b/c", false));
	assert_int_equal(n->mode, 01777);
	assert_int_equal(n->parent->mode, 01777);
	assert_int_equal(lf_tree_find(t, "a", false)->mode, 0755);
	assert_null(lf_tree_mkdirs(t, "f/x", 0755, &err));
	assert_string_equal(lf_err_text(&err),
			    "error creating directory f/x: path is not a directory");
	lf_tree_free(t);
}

static void stops_at_too_many_levels(void **state)
{
	struct lf_tree *t = lf_tree_new();
	lf_auto_buf path = {0};
	lf_auto_err err = {0};

	(void)state;
	for (int i = 0; i < 1500; i++)
		lf_buf_puts(&path, "a/");
	assert_null(lf_tree_mkdirs(t, path.p, 0755, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_int_equal(lf_tree_count(t), 1001);
	lf_tree_free(t);
}

static void writes_and_reads(void **state)
{
	struct lf_tree *t = make("a/ a/f=old l->a/f");
	lf_auto_buf got = {0};
	lf_auto_err err = {0};

	(void)state;
	lf_tree_find(t, "a/f", true)->mode = 04711;
	assert_non_null(lf_tree_write(t, "l", "new text", 8, 0644, &err));
	assert_int_equal(lf_tree_find(t, "a/f", true)->mode, 04711);
	assert_true(lf_tree_read(t, lf_tree_find(t, "l", false), 100, &got, &err));
	assert_string_equal(got.p, "new text");
	assert_false(lf_tree_read(t, lf_tree_find(t, "a/f", false), 7, &got, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_null(lf_tree_write(t, "nowhere/f", "", 0, 0644, &err));
	assert_int_equal(err.class, LF_E_NOT_FOUND);
	assert_null(lf_tree_write(t, "a", "", 0, 0644, &err));
	lf_tree_free(t);
}

static void keeps_xattrs_sorted(void **state)
{
	struct lf_tree *t = make("f=");
	struct lf_node *n = lf_tree_find(t, "f", false);

	(void)state;
	lf_tree_set_xattr(t, n, LF_STR("user.b"), LF_STR("1"));
	lf_tree_set_xattr(t, n, LF_STR("user.a"), LF_STR("2"));
	lf_tree_set_xattr(t, n, LF_STR("user.b"), LF_STR("\0003"));
	assert_string_equal(n->xattr->key.p, "user.a");
	assert_string_equal(n->xattr->next->key.p, "user.b");
	assert_int_equal(n->xattr->next->value.n, 2);
	assert_null(n->xattr->next->next);
	lf_tree_free(t);
}

static void names_owners(void **state)
{
	struct lf_tree *t = make(
		"etc/ etc/passwd=root:x:0:0::/:\nbad\nu:x:7:\nv:x:7:\nw:x:y: etc/group=g:x:5:");
	struct lf_names *names = lf_names_load(t);

	(void)state;
	assert_string_equal(lf_names_user(names, 0), "root");
	assert_string_equal(lf_names_user(names, 7), "");
	assert_string_equal(lf_names_group(names, 5), "g");
	lf_names_free(names);
	assert_string_equal(lf_names_user(NULL, 0), "");
	assert_non_null(lf_tree_write(t, "etc/passwd", "a:x:7:\nbad\n\nb:x:7:\nc:x:99999999999:\n",
				      35, 0, NULL));
	names = lf_names_load(t);
	assert_string_equal(lf_names_user(names, 7), "b");
	assert_string_equal(lf_names_user(names, UINT32_MAX), "");
	lf_names_free(names);
	lf_tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_through_links),
		cmocka_unit_test(walks_by_component),
		cmocka_unit_test(removes_and_adds_again),
		cmocka_unit_test(survives_many_names),
		cmocka_unit_test(makes_directories),
		cmocka_unit_test(stops_at_too_many_levels),
		cmocka_unit_test(writes_and_reads),
		cmocka_unit_test(keeps_xattrs_sorted),
		cmocka_unit_test(names_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

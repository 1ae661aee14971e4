/*
 * The built-in definitions: each is read strictly, and its inputs and needs are those of the table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/fs.h"
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct {
	const char *name, *inputs, *needs;
} table[] = {
#include "pipelines.inc"
};

static char *pipelines(void)
{
	const char *source = getenv("FACTORY_SOURCE");

	return lf_path_join(source ? source : ".", "melange/pipelines");
}

static void print_inputs(const struct lf_inputs *inputs, struct lf_buf *out)
{
	for (size_t i = 0; i < inputs->n; i++) {
		const struct lf_input *in = &inputs->v[i];

		lf_buf_printf(out, "%s%s%s", i ? " " : "", in->name, in->required ? "!" : "");
		if (*in->default_value)
			lf_buf_printf(out, "=%s", in->default_value);
		assert_true(*in->description);
	}
}

static void print_list(const struct lf_strv *list, struct lf_buf *out)
{
	for (size_t i = 0; i < list->n; i++)
		lf_buf_printf(out, "%s%s", i ? " " : "", list->v[i]);
}

static void check(const char *root, size_t i)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_buf text = {0}, inputs = {0}, needs = {0};
	struct lf_yaml *node;
	struct lf_step step;

	const char *path = lf_arena_printf(&arena, "%s/%s.yaml", root, table[i].name);
	if (!lf_read_file(path, 1u << 20, &text, &err) ||
	    !lf_yaml_parse(lf_buf_view(&text), path, &arena, &node, &err) ||
	    !lf_decode(&lf_shape_step, node, &arena, LF_DECODE_STRICT, &step, &err))
		fail_msg("%s", lf_err_text(&err));
	print_inputs(&step.inputs, &inputs);
	print_list(&step.needs, &needs);
	assert_string_equal(lf_buf_c(&inputs), table[i].inputs);
	assert_string_equal(lf_buf_c(&needs), table[i].needs);
	assert_true(*step.name && step.n_children);
	for (size_t j = 0; j < step.n_children; j++)
		assert_true(*step.child[j].runs || *step.child[j].uses);
	lf_shape_fini(&lf_shape_step, &step);
}

static void keep_the_contract(void **state)
{
	lf_auto_free char *root = pipelines();

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(table); i++)
		check(root, i);
}

static bool count(void *data, int dirfd, const char *name, const char *rel, const struct stat *st,
		  struct lf_err *err)
{
	(void)dirfd, (void)rel, (void)st, (void)err;
	*(size_t *)data += lf_ends(name, ".yaml");
	return true;
}

static void are_all_in_the_table(void **state)
{
	lf_auto_free char *root = pipelines();
	size_t n = 0;

	(void)state;
	assert_true(lf_walk(root, count, &n, NULL));
	assert_int_equal(n, LF_ARRAY_LEN(table));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep_the_contract),
		cmocka_unit_test(are_all_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

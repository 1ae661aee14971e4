/*
 * The decoder that follows the tables of decode.h: one function a kind, Go's words for what does
 * not fit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/decode.h"

#include <stdio.h>

#include "base/date.h"
#include "config/config.h"
#include "config/list.h"

#include "base/banned.h"

#define MAX_NAMES 64 /* keys of one struct */

void lf_decode_problem(struct lf_decoder *d, const struct lf_yaml *node, const char *fmt, ...)
{
	va_list ap;

	lf_buf_printf(&d->problems, "%s%s:%u:%u: ", d->problems.n ? "\n" : "", node->file,
		      node->line, node->column);
	va_start(ap, fmt);
	lf_buf_vprintf(&d->problems, fmt, ap);
	va_end(ap);
}

void lf_decode_mismatch(struct lf_decoder *d, const struct lf_yaml *node, const char *type)
{
	const char *tag = lf_yaml_tag(node);

	if (node->kind == LF_YAML_SEQ || node->kind == LF_YAML_MAP)
		lf_decode_problem(d, node, "cannot unmarshal %s into %s", tag, type);
	else if (node->text.n > 10)
		lf_decode_problem(d, node, "cannot unmarshal %s `%.7s...` into %s", tag,
				  node->text.p, type);
	else
		lf_decode_problem(d, node, "cannot unmarshal %s `%s` into %s", tag, node->text.p,
				  type);
}

const char *lf_decode_str(struct lf_decoder *d, const struct lf_yaml *node)
{
	switch (node->kind) {
	case LF_YAML_NULL:
		return "";
	case LF_YAML_SCALAR:
		if (strcmp(lf_yaml_tag(node), "!!binary") == 0)
			lf_decode_problem(d, node, "!!binary is not supported, write the text");
		return node->text.p;
	case LF_YAML_SEQ:
	case LF_YAML_MAP:
		break;
	}
	lf_decode_mismatch(d, node, "string");
	return "";
}

void lf_decode_strv(struct lf_decoder *d, const struct lf_yaml *node, const char *type,
		    struct lf_strv *ret)
{
	if (node->kind != LF_YAML_SEQ) {
		lf_decode_mismatch(d, node, type ? type : "[]string");
		return;
	}
	for (size_t i = 0; i < node->n; i++)
		if (!lf_yaml_is_null(node->item[i]))
			lf_strv_add(ret, lf_decode_str(d, node->item[i]));
}

static void decode_pairs(struct lf_decoder *d, const struct lf_yaml *node, struct lf_pairs *ret)
{
	if (node->kind != LF_YAML_MAP) {
		lf_decode_mismatch(d, node, "map[string]string");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		struct lf_pair pair = {node->key[i]->text.p, lf_decode_str(d, node->item[i])};

		if (!lf_yaml_is_null(node->key[i]))
			lf_vec_push(ret, pair);
	}
}

static void decode_signed(struct lf_decoder *d, const struct lf_yaml *node, enum lf_field_kind kind,
			  void *at)
{
	int64_t v;
	bool ok = lf_yaml_int(node, &v);

	if (kind == LF_FIELD_KIND_I64 && ok)
		*(int64_t *)at = v;
	else if (kind == LF_FIELD_KIND_INT && ok && v >= INT32_MIN && v <= INT32_MAX)
		*(int *)at = (int)v;
	else
		lf_decode_mismatch(d, node, "int");
}

static void decode_unsigned(struct lf_decoder *d, const struct lf_yaml *node,
			    enum lf_field_kind kind, void *at)
{
	uint64_t v;
	bool ok = lf_yaml_uint(node, &v);

	if (kind == LF_FIELD_KIND_U64 && ok)
		*(uint64_t *)at = v;
	else if (kind == LF_FIELD_KIND_U64)
		lf_decode_mismatch(d, node, "uint64");
	else if (!ok || v > UINT32_MAX)
		lf_decode_mismatch(d, node, "uint32");
	else if (kind == LF_FIELD_KIND_ID)
		*(struct lf_id *)at = (struct lf_id){true, (uint32_t)v};
	else
		*(uint32_t *)at = (uint32_t)v;
}

static void decode_list(struct lf_decoder *d, const struct lf_shape *shape,
			const struct lf_yaml *node, struct lf_any_list *list)
{
	char type[96];

	if (node->kind != LF_YAML_SEQ) {
		snprintf(type, sizeof(type), "[]%s", shape->type);
		lf_decode_mismatch(d, node, type);
		return;
	}
	list->v = lf_calloc(node->n, shape->size);
	list->cap = node->n;
	for (size_t i = 0; i < node->n; i++) {
		void *item = lf_any_item(list, shape, list->n);

		if (lf_yaml_is_null(node->item[i]))
			continue;
		list->n++;
		lf_shape_init(shape, item);
		lf_decode_struct(d, shape, node->item[i], item);
	}
}

static void decode_array(struct lf_decoder *d, const struct lf_field *f, const struct lf_yaml *node,
			 char *value)
{
	struct lf_any_list list = {0};
	char *copy;

	decode_list(d, f->shape, node, &list);
	copy = lf_arena_alloc(d->arena, list.n, f->shape->size);
	if (list.n)
		memcpy(copy, list.v, list.n * f->shape->size);
	*(void **)(void *)(value + f->offset) = copy;
	*(size_t *)(void *)(value + f->count) = list.n;
	lf_free(list.v);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void decode_map(struct lf_decoder *d, const struct lf_field *f, const struct lf_yaml *node,
		       char *value)
{
	size_t size = f->shape->size;
	char *items;

	if (node->kind != LF_YAML_MAP) {
		char type[96];

		snprintf(type, sizeof(type), "map[string]%s", f->shape->type);
		lf_decode_mismatch(d, node, type);
		return;
	}
	items = lf_arena_alloc(d->arena, node->n, size);
	for (size_t i = 0; i < node->n; i++) {
		lf_shape_init(f->shape, items + i * size);
		*(const char **)(void *)(items + i * size) = node->key[i]->text.p;
		lf_decode_struct(d, f->shape, node->item[i], items + i * size);
	}
	if (node->n)
		qsort(items, node->n, size, compare_keys);
	*(void **)(void *)(value + f->offset) = items;
	*(size_t *)(void *)(value + f->count) = node->n;
}

static void decode_duration(struct lf_decoder *d, const struct lf_yaml *node, int64_t *ret)
{
	if (node->kind != LF_YAML_SCALAR || strcmp(lf_yaml_tag(node), "!!str") != 0 ||
	    !lf_duration_parse(node->text.p, ret, NULL))
		lf_decode_mismatch(d, node, "time.Duration");
}

static void decode_bool(struct lf_decoder *d, const struct lf_yaml *node, bool *ret)
{
	if (!lf_yaml_bool(node, ret))
		lf_decode_mismatch(d, node, "bool");
}

static void decode_field(struct lf_decoder *d, const struct lf_field *f, const struct lf_yaml *node,
			 char *value)
{
	void *at = value + f->offset;

	if (f->kind != LF_FIELD_KIND_IGNORE && lf_yaml_is_null(node))
		return;
	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		*(const char **)at = lf_decode_str(d, node);
		break;
	case LF_FIELD_KIND_BOOL:
		decode_bool(d, node, at);
		break;
	case LF_FIELD_KIND_INT:
	case LF_FIELD_KIND_I64:
		decode_signed(d, node, f->kind, at);
		break;
	case LF_FIELD_KIND_U32:
	case LF_FIELD_KIND_U64:
	case LF_FIELD_KIND_ID:
		decode_unsigned(d, node, f->kind, at);
		break;
	case LF_FIELD_KIND_STRV:
		lf_decode_strv(d, node, f->type, at);
		break;
	case LF_FIELD_KIND_PAIRS:
		decode_pairs(d, node, at);
		break;
	case LF_FIELD_KIND_STRUCT:
		if (f->set)
			*(bool *)(void *)(value + f->set - 1) = true;
		lf_decode_struct(d, f->shape, node, at);
		break;
	case LF_FIELD_KIND_LIST:
		decode_list(d, f->shape, node, at);
		break;
	case LF_FIELD_KIND_ARRAY:
		decode_array(d, f, node, value);
		break;
	case LF_FIELD_KIND_MAP:
		decode_map(d, f, node, value);
		break;
	case LF_FIELD_KIND_DURATION:
		decode_duration(d, node, at);
		break;
	case LF_FIELD_KIND_CALL:
		f->call(d, node, at);
		break;
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		break;
	}
}

static const struct lf_field *find_field(const struct lf_shape *shape, struct lf_str key)
{
	for (const struct lf_field *f = shape->field; f->key; f++)
		if (lf_str_is(key, f->key))
			return f;
	return NULL;
}

static void unknown_key(struct lf_decoder *d, const struct lf_shape *shape,
			const struct lf_yaml *key)
{
	const char *names[MAX_NAMES + 1] = {NULL}, *near;
	size_t n = 0;

	for (const struct lf_field *f = shape->field; f->key && n < MAX_NAMES; f++)
		names[n++] = f->key;
	near = lf_nearest(key->text.p, names);
	if (near)
		lf_decode_problem(d, key, "field %s not found in type %s, did you mean \"%s\"?",
				  key->text.p, shape->type, near);
	else
		lf_decode_problem(d, key, "field %s not found in type %s", key->text.p,
				  shape->type);
}

void lf_decode_struct(struct lf_decoder *d, const struct lf_shape *shape,
		      const struct lf_yaml *node, void *initialised)
{
	if (lf_yaml_is_null(node))
		return;
	if (node->kind != LF_YAML_MAP) {
		lf_decode_mismatch(d, node, shape->type);
		return;
	}
	if (shape->node)
		*(const struct lf_yaml **)(void *)((char *)initialised + shape->node - 1) = node;
	for (size_t i = 0; i < node->n; i++) {
		const struct lf_field *f = find_field(shape, node->key[i]->text);

		if (f)
			decode_field(d, f, node->item[i], initialised);
		else if (d->mode == LF_DECODE_STRICT)
			unknown_key(d, shape, node->key[i]);
	}
}

bool lf_decode_finish(struct lf_decoder *d, struct lf_err *err)
{
	bool ok = !d->problems.n;

	if (!ok)
		lf_fail_new(err, LF_E_CONFIG, "%s", lf_buf_c(&d->problems));
	lf_buf_fini(&d->problems);
	return ok;
}

bool lf_decode(const struct lf_shape *shape, const struct lf_yaml *node, struct lf_arena *arena,
	       enum lf_decode_mode mode, void *value, struct lf_err *err)
{
	struct lf_decoder d = {.arena = arena, .mode = mode, .problems = LF_BUF(1u << 20)};

	lf_shape_init(shape, value);
	if (node)
		lf_decode_struct(&d, shape, node, value);
	if (lf_decode_finish(&d, err))
		return true;
	lf_shape_fini(shape, value);
	return false;
}

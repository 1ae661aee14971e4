/*
 * Shapes → values of templates. The whole tree is made at once: it is small, and a template is run
 * once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/value.h"

#include "base/date.h"
#include "config/config.h"
#include "config/list.h"
#include "config/print.h"

#include "base/banned.h"

struct maker {
	const struct lf_shape_extra *extra;
	struct lf_arena *arena;
};

/* "working-directory" → "WorkingDirectory" */
static const char *camel_case(const char *key, struct lf_arena *arena)
{
	char *name = lf_arena_strdup(arena, key), *to = name;
	bool up = true;

	for (const char *from = key; *from; from++) {
		bool lower = *from >= 'a' && *from <= 'z';
		if (*from != '-' && *from != '_')
			*to++ = (char)(up && lower ? *from - ('a' - 'A') : *from);
		up = *from == '-' || *from == '_';
	}
	*to = '\0';
	return name;
}

struct lf_value lf_value_pointer(const struct lf_value *target, struct lf_arena *arena)
{
	struct lf_value *copy = lf_new(arena, struct lf_value);

	*copy = *target;
	return (struct lf_value){
		.kind = LF_VALUE_POINTER,
		.type = lf_arena_printf(arena, "*%s", target->type),
		.target = copy,
	};
}

/* ---- scalars ---- */

static struct lf_value make_text(const char *text, const char *type)
{
	struct lf_value v = lf_value_str(text);

	v.type = type;
	return v;
}

static struct lf_value make_unsigned(uint64_t u, const char *type)
{
	return (struct lf_value){.kind = LF_VALUE_UINT, .type = type, .u = u};
}

static struct lf_value make_id(const struct maker *m, const struct lf_id *id, const char *type)
{
	struct lf_value *target = lf_new(m->arena, struct lf_value);

	*target = make_unsigned(id->v, "uint32");
	return (struct lf_value){.kind = LF_VALUE_POINTER,
				 .type = type ? type : "*uint32",
				 .target = id->set ? target : NULL};
}

/* ---- time.Duration ---- */

static bool give_float(const void *self, double unit, struct lf_value *ret)
{
	*ret = (struct lf_value){.kind = LF_VALUE_FLOAT,
				 .type = "float64",
				 .f = (double)*(const int64_t *)self / unit};
	return true;
}

static bool hours(const void *self, const struct lf_value *arg, struct lf_arena *arena,
		  struct lf_value *ret, struct lf_err *err)
{
	(void)arg, (void)arena, (void)err;
	return give_float(self, 3600e9, ret);
}

static bool minutes(const void *self, const struct lf_value *arg, struct lf_arena *arena,
		    struct lf_value *ret, struct lf_err *err)
{
	(void)arg, (void)arena, (void)err;
	return give_float(self, 60e9, ret);
}

static bool seconds(const void *self, const struct lf_value *arg, struct lf_arena *arena,
		    struct lf_value *ret, struct lf_err *err)
{
	(void)arg, (void)arena, (void)err;
	return give_float(self, 1e9, ret);
}

static bool duration_text(const void *self, const struct lf_value *arg, struct lf_arena *arena,
			  struct lf_value *ret, struct lf_err *err)
{
	char text[LF_DATE_MAX];

	(void)arg, (void)err;
	lf_duration_print(*(const int64_t *)self, text);
	*ret = lf_value_str(lf_arena_strdup(arena, text));
	return true;
}

static struct lf_value make_duration(const struct maker *m, const int64_t *ns)
{
	static const struct lf_value_method methods[] = {
		{"Hours", 0, hours},
		{"Minutes", 0, minutes},
		{"Seconds", 0, seconds},
		{"String", 0, duration_text},
	};
	static const struct lf_value_methods table = {methods, LF_ARRAY_LEN(methods)};
	struct lf_value v = lf_value_int(*ns);
	char text[LF_DATE_MAX];

	lf_duration_print(*ns, text);
	v.type = "time.Duration";
	v.shown = lf_arena_strdup(m->arena, text);
	v.methods = &table;
	v.self = ns;
	return v;
}

/* ---- lists and maps ---- */

static struct lf_value make_strv(const struct maker *m, const struct lf_strv *list,
				 const char *type)
{
	struct lf_value *item = lf_new_n(m->arena, struct lf_value, list->n);

	type = type ? type : "[]string";
	for (size_t i = 0; i < list->n; i++)
		item[i] = make_text(list->v[i], type + 2);
	return (struct lf_value){.kind = LF_VALUE_LIST, .type = type, .n = list->n, .item = item};
}

static struct lf_value make_pairs(const struct maker *m, const struct lf_pairs *p, const char *type)
{
	struct lf_value_field *field = lf_new_n(m->arena, struct lf_value_field, p->n);
	struct lf_pairs sorted = {0};

	for (size_t i = 0; i < p->n; i++)
		lf_vec_push(&sorted, p->v[i]);
	lf_pairs_sort(&sorted);
	for (size_t i = 0; i < p->n; i++)
		field[i] =
			(struct lf_value_field){sorted.v[i].key, lf_value_str(sorted.v[i].value)};
	lf_vec_fini(&sorted);
	return (struct lf_value){.kind = LF_VALUE_MAP,
				 .type = type ? type : "map[string]string",
				 .n = p->n,
				 .field = field};
}

static struct lf_value make_struct(const struct maker *m, const struct lf_shape *shape,
				   const void *object);

static struct lf_value make_list(const struct maker *m, const struct lf_field *f,
				 const void *object)
{
	struct lf_any_list list = lf_field_items(f, object);
	struct lf_value *item = lf_new_n(m->arena, struct lf_value, list.n);

	for (size_t i = 0; i < list.n; i++)
		item[i] = make_struct(m, f->shape, lf_any_item(&list, f->shape, i));
	return (struct lf_value){.kind = LF_VALUE_LIST,
				 .type = lf_arena_printf(m->arena, "[]%s", f->shape->type),
				 .n = list.n,
				 .item = item};
}

/* A value of the shape in which everything is absent. */
static struct lf_value *make_zero(const struct maker *m, const struct lf_shape *shape)
{
	struct lf_value *zero = lf_new(m->arena, struct lf_value);
	void *object = lf_arena_alloc(m->arena, 1, shape->size);

	lf_shape_init(shape, object);
	*zero = make_struct(m, shape, object);
	return zero;
}

/* Its entries are in byte order of the keys already. */
static struct lf_value make_map(const struct maker *m, const struct lf_field *f, const void *object)
{
	struct lf_any_list list = lf_field_items(f, object);
	struct lf_value_field *field = lf_new_n(m->arena, struct lf_value_field, list.n);

	for (size_t i = 0; i < list.n; i++) {
		const char *const *item = lf_any_item(&list, f->shape, i);
		field[i] = (struct lf_value_field){*item, make_struct(m, f->shape, item)};
	}
	return (struct lf_value){.kind = LF_VALUE_MAP,
				 .type = lf_arena_printf(m->arena, "map[string]%s", f->shape->type),
				 .n = list.n,
				 .field = field,
				 .zero = make_zero(m, f->shape)};
}

/* ---- structs ---- */

static struct lf_value make_optional(const struct maker *m, const struct lf_field *f,
				     const char *object, bool set)
{
	struct lf_value v = {0};

	if (set) {
		v = make_struct(m, f->shape, object + f->offset);
		return lf_value_pointer(&v, m->arena);
	}
	return (struct lf_value){.kind = LF_VALUE_POINTER,
				 .type = lf_arena_printf(m->arena, "*%s", f->shape->type),
				 .zero = make_zero(m, f->shape)};
}

static struct lf_value make_substruct(const struct maker *m, const struct lf_field *f,
				      const char *object)
{
	if (f->set)
		return make_optional(m, f, object,
				     *(const bool *)(const void *)(object + f->set - 1));
	if (f->pointer)
		return make_optional(m, f, object,
				     f->always || !lf_shape_is_empty(f->shape, object + f->offset));
	return make_struct(m, f->shape, object + f->offset);
}

static struct lf_value make_field(const struct maker *m, const struct lf_field *f,
				  const char *object)
{
	const void *at = object + f->offset;

	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		return make_text(*(const char *const *)at, f->type ? f->type : "string");
	case LF_FIELD_KIND_BOOL:
		return lf_value_bool(*(const bool *)at);
	case LF_FIELD_KIND_INT:
		return lf_value_int(*(const int *)at);
	case LF_FIELD_KIND_I64:
		return lf_value_int(*(const int64_t *)at);
	case LF_FIELD_KIND_U32:
		return make_unsigned(*(const uint32_t *)at, "uint32");
	case LF_FIELD_KIND_U64:
		return make_unsigned(*(const uint64_t *)at, "uint64");
	case LF_FIELD_KIND_ID:
		return make_id(m, at, f->type);
	case LF_FIELD_KIND_STRV:
		return make_strv(m, at, f->type);
	case LF_FIELD_KIND_PAIRS:
		return make_pairs(m, at, f->type);
	case LF_FIELD_KIND_STRUCT:
		return make_substruct(m, f, object);
	case LF_FIELD_KIND_LIST:
	case LF_FIELD_KIND_ARRAY:
		return make_list(m, f, object);
	case LF_FIELD_KIND_MAP:
		return make_map(m, f, object);
	case LF_FIELD_KIND_DURATION:
		return make_duration(m, at);
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		break;
	}
	return (struct lf_value){0};
}

static const struct lf_shape_extra *find_extra(const struct maker *m, const char *type)
{
	const struct lf_shape_extra *e = m->extra;

	while (e->type && strcmp(e->type, type))
		e++;
	return e;
}

static struct lf_value make_struct(const struct maker *m, const struct lf_shape *shape,
				   const void *object)
{
	const struct lf_shape_extra *extra = find_extra(m, shape->type);
	struct lf_value_field *field;
	size_t n = 0;

	while (shape->field[n].key)
		n++;
	field = lf_new_n(m->arena, struct lf_value_field, n + extra->n_fields);
	for (size_t i = 0; i < n; i++) {
		const struct lf_field *f = &shape->field[i];
		field[i].name = f->go ? f->go : camel_case(f->key, m->arena);
		field[i].value = make_field(m, f, object);
	}
	for (size_t i = 0; i < extra->n_fields; i++)
		field[n + i] = extra->field[i];
	return (struct lf_value){.kind = LF_VALUE_STRUCT,
				 .type = shape->type,
				 .n = n + extra->n_fields,
				 .field = field,
				 .methods = extra->methods.n ? &extra->methods : NULL,
				 .self = object};
}

struct lf_value lf_shape_value(const struct lf_shape *shape, const void *object,
			       const struct lf_shape_extra *extra, struct lf_arena *arena)
{
	const struct maker m = {.extra = extra, .arena = arena};

	return make_struct(&m, shape, object);
}

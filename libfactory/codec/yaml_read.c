/*
 * YAML events → a tree of nodes. libfyaml gives events; this puts them together, so that every
 * limit is checked while the tree grows: depth, number of nodes (an alias counts as a copy of what
 * it names), duplicate keys, aliases that hold themselves. Merge keys are spread out once the whole
 * mapping is known. What a scalar means is in yaml_scalar.c.
 *
 * compat: only the first document is looked at; what follows may be anything.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "base/map.h"
#include "base/vec.h"
#include "codec/yaml.h"
#include "codec/yaml_event.h"
#include "codec/yaml_text.h"

#include "base/banned.h"

#define MAX_DEPTH 100
#define MAX_NODES 1000000

struct reader {
	struct lf_yaml_events in;
	struct lf_arena *arena;
	struct lf_map anchors; /* name → node, or NULL while the node is still open */
	const char *file;
	size_t nodes;
	size_t *ret_block; /* see lf_yaml_read */
};

struct nodes {
	struct lf_yaml **v;
	size_t n, cap;
};

static void nodes_fini(struct nodes *v)
{
	lf_vec_fini(v);
}

static bool fail_position(struct lf_err *err, const struct reader *r, struct lf_yaml_at at,
			  enum lf_class class, const char *what)
{
	return lf_fail_new(err, class, "%s:%u:%u: %s", r->file, at.line, at.column, what);
}

static struct lf_yaml *new_node(struct reader *r, enum lf_yaml_kind kind, struct lf_yaml_at at)
{
	struct lf_yaml *n = lf_new(r->arena, struct lf_yaml);

	n->kind = kind;
	n->file = r->file;
	n->line = at.line;
	n->column = at.column;
	n->text = LF_STR("");
	n->weight = n->height = 1;
	return n;
}

/* Counts `more` nodes that reach down `height` levels from `depth`. */
static bool count(struct reader *r, size_t more, size_t depth, struct lf_yaml_at at,
		  struct lf_err *err)
{
	if (depth > MAX_DEPTH)
		return fail_position(err, r, at, LF_E_LIMIT, "nested too deeply");
	if (more > MAX_NODES - r->nodes)
		return fail_position(err, r, at, LF_E_LIMIT,
				     "document contains excessive aliasing or too many nodes");
	r->nodes += more;
	return true;
}

static struct lf_yaml *read_scalar(struct reader *r, struct fy_event *e, struct lf_yaml_at at,
				   struct lf_err *err)
{
	struct lf_yaml *n = new_node(r, LF_YAML_SCALAR, at);

	n->text = lf_yaml_event_text(&r->in, e);
	(void)lf_yaml_event_span(&r->in, e, &n->from, &n->to); /* an empty value has none */
	n->tag = lf_yaml_event_tag(&r->in, e);
	if (n->tag)
		n->quoted = strcmp(n->tag, "!!str") == 0;
	else
		n->quoted = lf_yaml_event_is_quoted(e);
	if (lf_yaml_is_null(n))
		n->kind = LF_YAML_NULL;
	return lf_yaml_check_scalar(n, err) ? n : NULL;
}

static struct lf_yaml *read_alias(struct reader *r, struct fy_event *e, struct lf_yaml_at at,
				  size_t depth, struct lf_err *err)
{
	struct lf_str name = lf_yaml_event_alias(e);
	struct lf_yaml *n = lf_map_get(&r->anchors, name);

	if (!n) {
		bool open = lf_map_has(&r->anchors, name);

		lf_fail_new(err, LF_E_CONFIG,
			    open ? "%s:%u:%u: anchor '" LF_STR_FMT "' value contains itself"
				 : "%s:%u:%u: unknown anchor '" LF_STR_FMT "' referenced",
			    r->file, at.line, at.column, LF_STR_ARG(name));
		return NULL;
	}
	return count(r, n->weight, depth + n->height - 1, at, err) ? n : NULL;
}

static struct lf_yaml **keep(struct reader *r, const struct nodes *v)
{
	struct lf_yaml **copy = lf_new_n(r->arena, struct lf_yaml *, v->n);

	if (v->n)
		memcpy(copy, v->v, v->n * sizeof(*copy));
	return copy;
}

static void add_child(struct lf_yaml *parent, const struct lf_yaml *child)
{
	parent->weight += child->weight;
	if (child->height >= parent->height)
		parent->height = child->height + 1;
}

static bool is_merge_key(const struct lf_yaml *key)
{
	if (!lf_str_is(key->text, "<<"))
		return false;
	return key->tag ? strcmp(key->tag, "!!merge") == 0 : !key->quoted;
}

/* Takes over what `from` has and the mapping has not yet. */
static bool merge_map(struct reader *r, const struct lf_yaml *from, struct lf_map *seen,
		      struct nodes *keys, struct nodes *items, struct lf_err *err)
{
	for (size_t i = 0; i < from->n; i++) {
		struct lf_yaml *key = from->key[i], *item = from->item[i];

		if (lf_map_has(seen, key->text))
			continue;
		if (!count(r, key->weight + item->weight, 0,
			   (struct lf_yaml_at){key->line, key->column}, err))
			return false;
		lf_map_set(seen, key->text, key);
		lf_vec_push(keys, key);
		lf_vec_push(items, item);
	}
	return true;
}

static bool merge(struct reader *r, const struct lf_yaml *from, struct lf_map *seen,
		  struct nodes *keys, struct nodes *items, struct lf_err *err)
{
	if (from->kind == LF_YAML_MAP)
		return merge_map(r, from, seen, keys, items, err);
	if (from->kind != LF_YAML_SEQ)
		return lf_fail_at(err, from,
				  "map merge requires map or sequence of maps as the value");
	for (size_t i = 0; i < from->n; i++) {
		if (from->item[i]->kind != LF_YAML_MAP)
			return lf_fail_at(
				err, from->item[i],
				"map merge requires map or sequence of maps as the value");
		if (!merge_map(r, from->item[i], seen, keys, items, err))
			return false;
	}
	return true;
}

static struct lf_yaml *read_node(struct reader *r, struct fy_event *e, struct lf_yaml_at otherwise,
				 size_t depth, struct lf_err *err);

/* Where a collection in brackets ends; one without ends with its last child. */
static void close_bracket(struct reader *r, struct lf_yaml *n, struct fy_event *end)
{
	size_t from;
	const char *p = r->in.input.p;

	if (n->from < r->in.input.n && (p[n->from] == '[' || p[n->from] == '{'))
		(void)lf_yaml_event_span(&r->in, end, &from, &n->to);
	else
		n->to = n->from;
}

/* libfyaml takes a block that is not indented more than its key or list, and loses lines of it. */
static bool check_block(const struct reader *r, struct fy_event *e, const struct lf_yaml *parent,
			struct lf_err *err)
{
	unsigned column = lf_yaml_event_block_column(&r->in, e);

	if (!column || column > parent->column)
		return true;
	if (parent->kind != LF_YAML_SEQ)
		*r->ret_block = parent->to;
	return lf_fail_at(err, parent, "the text of a block must be indented more than its %s",
			  parent->kind == LF_YAML_SEQ ? "list" : "key");
}

static bool read_seq(struct reader *r, struct lf_yaml *seq, size_t depth, struct lf_err *err)
{
	LF_CLEANUP(nodes_fini) struct nodes items = {0};
	struct lf_yaml_at at = {seq->line, seq->column};

	for (;;) {
		struct fy_event *e = lf_yaml_event_next(&r->in, err);
		struct lf_yaml *item = NULL;
		bool end = e && e->type == FYET_SEQUENCE_END;

		if (e && !end && check_block(r, e, seq, err))
			item = read_node(r, e, at, depth + 1, err);
		if (end)
			close_bracket(r, seq, e);
		lf_yaml_event_free(&r->in, e);
		if (end)
			break;
		if (!item)
			return false;
		lf_vec_push(&items, item);
		add_child(seq, item);
	}
	seq->n = items.n;
	seq->item = keep(r, &items);
	return true;
}

/* A key, noted in `seen`. *ret_end: the mapping ended instead. */
static struct lf_yaml *read_key(struct reader *r, struct lf_map *seen, struct lf_yaml *map,
				size_t depth, bool *ret_end, struct lf_err *err)
{
	struct lf_yaml_at at = {map->line, map->column};
	struct fy_event *e = lf_yaml_event_next(&r->in, err);
	struct lf_yaml *key = NULL, *former;

	*ret_end = e && e->type == FYET_MAPPING_END;
	if (*ret_end)
		close_bracket(r, map, e);
	if (e && !*ret_end)
		key = read_node(r, e, at, depth + 1, err);
	lf_yaml_event_free(&r->in, e);
	if (!key)
		return NULL;
	if (key->kind == LF_YAML_MAP || key->kind == LF_YAML_SEQ) {
		lf_fail_at(err, key, "invalid map key: a key must be a scalar");
		return NULL;
	}
	former = lf_map_set(seen, key->text, key);
	if (former) {
		lf_fail_at(err, key, "mapping key \"%s\" already defined at line %u", key->text.p,
			   former->line);
		return NULL;
	}
	return key;
}

static bool read_pairs(struct reader *r, struct lf_yaml *map, struct lf_map *seen,
		       struct nodes *keys, struct nodes *items, size_t depth, struct lf_err *err)
{
	struct lf_yaml *merged = NULL;

	for (;;) {
		bool end;
		struct lf_yaml *key = read_key(r, seen, map, depth, &end, err), *item = NULL;
		struct fy_event *e;

		if (end)
			break;
		if (!key)
			return false;
		e = lf_yaml_event_next(&r->in, err);
		if (e && check_block(r, e, key, err))
			item = read_node(r, e, (struct lf_yaml_at){key->line, key->column},
					 depth + 1, err);
		lf_yaml_event_free(&r->in, e);
		if (!item)
			return false;
		if (is_merge_key(key)) {
			merged = item;
			continue;
		}
		if (key->kind == LF_YAML_NULL) /* compat: Go drops it with its value */
			continue;
		lf_vec_push(keys, key);
		lf_vec_push(items, item);
	}
	return !merged || merge(r, merged, seen, keys, items, err);
}

static bool read_map(struct reader *r, struct lf_yaml *map, size_t depth, struct lf_err *err)
{
	LF_CLEANUP(nodes_fini) struct nodes keys = {0}, items = {0};
	lf_auto_map seen = {0};

	if (!read_pairs(r, map, &seen, &keys, &items, depth, err))
		return false;
	for (size_t i = 0; i < keys.n; i++) {
		add_child(map, keys.v[i]);
		add_child(map, items.v[i]);
	}
	map->n = keys.n;
	map->key = keep(r, &keys);
	map->item = keep(r, &items);
	return true;
}

static struct lf_yaml *read_fresh(struct reader *r, struct fy_event *e, struct lf_yaml_at at,
				  size_t depth, struct lf_err *err)
{
	struct lf_yaml *n;

	if (!count(r, 1, depth, at, err))
		return NULL;
	if (e->type == FYET_SCALAR)
		return read_scalar(r, e, at, err);
	n = new_node(r, e->type == FYET_MAPPING_START ? LF_YAML_MAP : LF_YAML_SEQ, at);
	n->tag = lf_yaml_event_tag(&r->in, e);
	(void)lf_yaml_event_span(&r->in, e, &n->from, &n->to);
	if (e->type == FYET_MAPPING_START)
		return read_map(r, n, depth, err) ? n : NULL;
	if (e->type == FYET_SEQUENCE_START)
		return read_seq(r, n, depth, err) ? n : NULL;
	fail_position(err, r, at, LF_E_CONFIG, "unexpected end of the document");
	return NULL;
}

static struct lf_yaml *read_node(struct reader *r, struct fy_event *e, struct lf_yaml_at otherwise,
				 size_t depth, struct lf_err *err)
{
	struct lf_yaml_at at = lf_yaml_event_at(e, otherwise);
	const char *anchor;
	struct lf_yaml *n;

	if (e->type == FYET_ALIAS)
		return read_alias(r, e, at, depth, err);
	anchor = lf_yaml_event_anchor(&r->in, e);
	if (anchor)
		lf_map_set(&r->anchors, lf_str(anchor), NULL);
	n = read_fresh(r, e, at, depth, err);
	if (anchor && n)
		lf_map_set(&r->anchors, lf_str(anchor), n);
	return n;
}

/* Skips what stands before the first node; NULL with *ret_empty set when there is none. */
static struct lf_yaml *read_document(struct reader *r, bool *ret_empty, struct lf_err *err)
{
	for (;;) {
		struct fy_event *e = lf_yaml_event_next(&r->in, err);
		struct lf_yaml *n = NULL;
		bool skip = e && (e->type == FYET_STREAM_START || e->type == FYET_DOCUMENT_START);

		*ret_empty = e && e->type == FYET_STREAM_END;
		if (e && !skip && !*ret_empty)
			n = read_node(r, e, (struct lf_yaml_at){1, 1}, 1, err);
		lf_yaml_event_free(&r->in, e);
		if (!skip)
			return n;
	}
}

static void reader_fini(struct reader *r)
{
	lf_yaml_events_fini(&r->in);
	lf_map_fini(&r->anchors);
}

bool lf_yaml_read(struct lf_str text, const char *file, struct lf_arena *arena,
		  struct lf_yaml **ret, size_t *ret_block, struct lf_err *err)
{
	LF_CLEANUP(reader_fini)
	struct reader r = {.arena = arena, .file = file, .ret_block = ret_block};
	struct lf_yaml *root;
	bool empty;

	r.in = (struct lf_yaml_events){.input = text, .file = file, .arena = arena};
	if (!lf_yaml_events_open(&r.in, err))
		return false;
	root = read_document(&r, &empty, err);
	if (!root && !empty)
		return false;
	*ret = root;
	return true;
}

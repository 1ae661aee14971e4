/*
 * Editing YAML text where it stands: layout, comments, quotes and all that is not asked for stay as
 * they are, to the byte. Each edit changes the tree at once; lf_yaml_edit_finish makes the new
 * text, reads it again and compares it with the tree, so that an edit is either sound or an error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/vec.h"
#include "codec/yaml.h"

struct lf_yaml_splice {
	size_t from, to;  /* bytes of the old text */
	const char *text; /* what stands there instead */
};

/* Everything lives in the arena but the array of splices. */
struct lf_yaml_edit {
	struct lf_yaml *root; /* what the new text will say; NULL for an empty document */
	/* private */
	struct lf_arena *arena;
	const char *file;
	struct lf_str text; /* with a byte order mark, if it has one */
	size_t mark;        /* its length */
	struct {
		struct lf_yaml_splice *v;
		size_t n, cap;
	} splices;
};

enum lf_yaml_edit_style {
	LF_YAML_EDIT_AS_WAS, /* a string, in the quotes that the old one has; more when it needs
				them */
	LF_YAML_EDIT_QUOTED, /* a string in double quotes */
	LF_YAML_EDIT_BARE,   /* a number, true, false: no quotes unless there are some */
};

/* The text stays the caller's and must outlive the edit. */
bool lf_yaml_edit_open(struct lf_yaml_edit *e, struct lf_str text, const char *file,
		       struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;
void lf_yaml_edit_fini(struct lf_yaml_edit *e);

/* Another value for a scalar of the tree. Nothing happens when it has that value. An error at the
 * node when it is not written on one line, or when the value has control characters. */
bool lf_yaml_edit_set(struct lf_yaml_edit *e, struct lf_yaml *node, const char *value,
		      enum lf_yaml_edit_style style, struct lf_err *err) LF_MUST_CHECK;

/* Items [at, at + n_old) of a sequence in block style make way for n_new others, each the text of a
 * block value without indentation ("uses: x\nwith:\n  y: z"). The new ones are indented as the
 * sequence is, and set apart by blank lines when its items are. Comments that stand between items
 * stay. Several calls for one sequence go from its end to its beginning. An error when the sequence
 * is empty or in brackets, or would be empty. */
bool lf_yaml_edit_items(struct lf_yaml_edit *e, struct lf_yaml *seq, size_t at, size_t n_old,
			const char *const *new, size_t n_new, struct lf_err *err) LF_MUST_CHECK;

/* The new text is added to ret. */
bool lf_yaml_edit_finish(const struct lf_yaml_edit *e, struct lf_buf *ret,
			 struct lf_err *err) LF_MUST_CHECK;

/* For the files of the editor: [from, to) of the text without its mark. */
void lf_yaml_edit_splice(struct lf_yaml_edit *e, size_t from, size_t to, const char *text);

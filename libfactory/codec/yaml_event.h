/*
 * libfyaml's events as the YAML reader wants them: positions from 1, errors with the name of the
 * file, text decoded. The only place that knows libfyaml's tokens.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <libfyaml.h>

#include <factory/err.h>

#include "base/arena.h"

struct lf_yaml_events {
	struct lf_str input;    /* outlives the events */
	const char *file;       /* for messages */
	struct lf_arena *arena; /* of all text */
	/* private */
	struct fy_diag *diag;
	struct fy_parser *parser;
};

struct lf_yaml_at {
	unsigned line, column;
};

bool lf_yaml_events_open(struct lf_yaml_events *in, struct lf_err *err) LF_MUST_CHECK;
void lf_yaml_events_fini(struct lf_yaml_events *in);

/* NULL on failure; the end of the stream is an event of its own. */
struct fy_event *lf_yaml_event_next(struct lf_yaml_events *in, struct lf_err *err) LF_MUST_CHECK;
void lf_yaml_event_free(struct lf_yaml_events *in, struct fy_event *e); /* NULL is fine */

/* Where it stands; `otherwise` for events that are made up (an empty value). */
struct lf_yaml_at lf_yaml_event_at(struct fy_event *e, struct lf_yaml_at otherwise);
/* Which bytes of the input a scalar, or a bracket that opens or closes a collection, is: with its
 * quotes, without tag and anchor. False when there are none. Of a block, only the end counts. */
bool lf_yaml_event_span(const struct lf_yaml_events *in, struct fy_event *e, size_t *ret_from,
			size_t *ret_to);
/* "!!str" for tags of the YAML namespace, otherwise as written; NULL: none. */
const char *lf_yaml_event_tag(struct lf_yaml_events *in, struct fy_event *e);
const char *lf_yaml_event_anchor(struct lf_yaml_events *in, struct fy_event *e); /* NULL: none */
struct lf_str lf_yaml_event_alias(struct fy_event *e); /* a view, as long as e lives */
/* Of a scalar: what it says, and whether it stands in quotes or a block. */
struct lf_str lf_yaml_event_text(struct lf_yaml_events *in, struct fy_event *e);
bool lf_yaml_event_is_quoted(struct fy_event *e);
/* Of a block with text: the column, from 1, where its first line begins; otherwise 0. */
unsigned lf_yaml_event_block_column(const struct lf_yaml_events *in, struct fy_event *e);

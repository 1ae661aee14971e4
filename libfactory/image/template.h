/*
 * The small part of Go's text/template that `--format` of show-packages needs: text, {{.Field}},
 * {{printf "FORMAT" .Field ...}} with %s, %v and %q, trim markers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct lf_template_field {
	const char *name, *value;
};

/* Appends the result for one set of fields. Errors are worded as Go's, with "format" as the
 * template's name. */
bool lf_template_print(struct lf_buf *out, const char *text, const struct lf_template_field *field,
		       size_t n_fields, struct lf_err *err) LF_MUST_CHECK;

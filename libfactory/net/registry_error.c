/*
 * What a registry says when it refuses: {"errors": [{"code", "message", "detail"}]} → one line, as
 * docker's tools print it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <string.h>

#include "codec/json.h"
#include "net/foreign.h"
#include "base/banned.h"

#define MAX_WORDS  500
#define MAX_ERRORS 5

static void print_text(struct lf_buf *out, const json_t *v)
{
	lf_foreign_print(out, (struct lf_str){json_string_value(v), json_string_length(v)},
			 MAX_WORDS);
}

static void print_detail(struct lf_buf *out, const json_t *v)
{
	lf_auto_buf text = {0};

	if (json_is_string(v)) {
		print_text(out, v);
		return;
	}
	lf_json_print(&text, v, 0);
	lf_foreign_print(out, lf_buf_view(&text), MAX_WORDS);
}

/* "CODE: message; detail" */
static void print_error(struct lf_buf *out, const json_t *e)
{
	const json_t *message = json_object_get(e, "message"),
		     *detail = json_object_get(e, "detail");
	const size_t start = out->n;

	if (json_string_length(json_object_get(e, "code")))
		print_text(out, json_object_get(e, "code"));
	else
		lf_buf_puts(out, "unknown error");
	if (json_string_length(message)) {
		lf_buf_puts(out, ": ");
		print_text(out, message);
	}
	if (detail && !json_is_null(detail) && out->n > start) {
		lf_buf_puts(out, "; ");
		print_detail(out, detail);
	}
}

static bool print_errors(struct lf_buf *out, struct lf_str body)
{
	lf_auto_json *v = lf_json_parse(body, "reply", NULL);
	const json_t *errors = json_object_get(v, "errors");
	const size_t n = json_array_size(errors);

	if (n > 1)
		lf_buf_puts(out, "multiple errors returned: ");
	for (size_t i = 0; i < n && i < MAX_ERRORS; i++) {
		if (i)
			lf_buf_puts(out, "; ");
		print_error(out, json_array_get(errors, i));
	}
	return n > 0;
}

void lf_registry_words(struct lf_buf *out, const struct lf_http_transfer *t)
{
	const struct lf_str body = lf_buf_view(&t->complaint);
	const char *words;

	lf_buf_printf(out, "%s %s: ", t->method, t->shown ? t->shown : t->url);
	if (print_errors(out, body))
		return;
	words = lf_http_status_text(t->status);
	if (words[0] >= '0' && words[0] <= '9')
		lf_buf_printf(out, "unexpected status code %s", words);
	else
		lf_buf_printf(out, "unexpected status code %u", t->status);
	if (body.n) {
		lf_buf_puts(out, ": ");
		lf_foreign_print(out, body, MAX_WORDS);
	}
}

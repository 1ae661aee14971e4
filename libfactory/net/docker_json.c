/*
 * JSON that holds secrets: read without quoting any of it in messages. See docker_config.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/docker_config.h"

#include "codec/json.h"
#include "base/banned.h"

/* "SOURCE:3:7: what the parser saw near there" without what comes behind the place. */
static bool fail_syntax(const char *source, const struct lf_err *why, struct lf_err *err)
{
	struct lf_str place = lf_str(lf_err_text(why)), line, column;
	uint64_t v;

	if (lf_str_skip(&place, source) && lf_str_skip(&place, ":")) {
		line = lf_str_cut(&place, ':');
		column = lf_str_cut(&place, ':');
		if (lf_str_u64(line, 10, &v) && lf_str_u64(column, 10, &v))
			return lf_fail_new(err, LF_E_FORMAT,
					   "%s:" LF_STR_FMT ":" LF_STR_FMT ": this is not JSON",
					   source, LF_STR_ARG(line), LF_STR_ARG(column));
	}
	return lf_fail_new(err, LF_E_FORMAT, "%s: this is not JSON", source);
}

json_t *lf_docker_json(struct lf_str text, const char *source, struct lf_err *err)
{
	lf_auto_err why = {0};
	json_t *v;

	text = lf_str_trim(text);
	v = text.n ? lf_json_parse(text, source, &why) : json_object();
	if (!v) {
		fail_syntax(source, &why, err);
	} else if (!json_is_object(v)) {
		json_decref(v);
		v = NULL;
		lf_fail_new(err, LF_E_FORMAT, "%s: this is not a JSON object", source);
	}
	return v;
}

const char *lf_docker_json_text(const json_t *object, const char *key, struct lf_arena *arena)
{
	const json_t *v = json_object_get(object, key);
	const struct lf_str s = {json_string_value(v), json_string_length(v)};

	if (!json_is_string(v) || !s.n)
		return NULL;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return NULL;
	return lf_arena_str(arena, s);
}

/*
 * The state file of mounts: JSON in the directory they are below. It is believed only as far as it
 * names places that mounting makes, so that nobody's file can have other things unmounted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/erofs_state.h"

#include <ctype.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "codec/json.h"
#include "base/banned.h"

#define NAME    ".apko-erofs-mount.json"
#define VERSION 1
#define MAX     (1u << 20)

bool lf_erofs_state_exists(const char *dest)
{
	lf_auto_free char *path = lf_path_join(dest, NAME);

	return lf_exists(path);
}

bool lf_erofs_state_write(const struct lf_erofs_state *s, struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(s->dest, NAME);
	lf_auto_json *state = json_object();
	lf_auto_buf text = {0};
	json_t *mounts = json_array();
	char now[LF_DATE_MAX];

	for (size_t i = s->mounts.n; i-- > 0;) {
		lf_auto_free char *place = lf_path_join(s->dest, s->mounts.v[i]);

		json_array_append_new(mounts, lf_json_text(lf_str(place)));
	}
	lf_date_print(time(NULL), now);
	lf_json_set(state, "schemaVersion", json_integer(VERSION));
	lf_json_set_str(state, "mode", s->fuse ? "fuse" : "kernel");
	lf_json_set(state, "source", lf_json_text(lf_str(s->source)));
	lf_json_set(state, "dest", lf_json_text(lf_str(s->dest)));
	lf_json_set_str(state, "created", now);
	lf_json_set(state, "writable", json_boolean(s->writable));
	lf_json_set(state, "mounts", mounts);
	lf_json_print(&text, state, 2);
	lf_buf_putc(&text, '\n');
	return lf_write_file(path, text.p, text.n, 0644, err);
}

static bool is_place(struct lf_str place)
{
	if (lf_str_is(place, "merged"))
		return true;
	if (!lf_str_skip(&place, "layers/") || place.n == 0)
		return false;
	for (size_t i = 0; i < place.n; i++)
		if (!isdigit((unsigned char)place.p[i]))
			return false;
	return true;
}

/* In the file the last mount comes first. A directory that was moved with its state is still found.
 */
static bool add_place(struct lf_erofs_state *s, const char *recorded, const char *text,
		      struct lf_arena *arena, struct lf_err *err)
{
	struct lf_str place = lf_str(text);

	if (!lf_str_skip(&place, recorded) || !lf_str_skip(&place, "/") || !is_place(place))
		return lf_fail_new(err, LF_E_FORMAT, "%s/" NAME ": not a place of a mount: \"%s\"",
				   s->dest, text);
	lf_strv_add(&s->mounts, lf_arena_str(arena, place));
	return true;
}

bool lf_erofs_state_read(const char *dest, struct lf_arena *arena, struct lf_erofs_state *ret,
			 struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(dest, NAME);
	struct lf_erofs_state s = {.dest = dest};
	lf_auto_buf text = {0};
	lf_auto_json *state = NULL;
	const json_t *place;
	size_t i;

	if (!lf_read_file(path, MAX, &text, err))
		return false;
	state = lf_json_parse(lf_buf_view(&text), path, err);
	if (!state)
		return false;
	const char *mode = json_string_value(json_object_get(state, "mode"));
	const char *recorded = json_string_value(json_object_get(state, "dest"));

	if (json_integer_value(json_object_get(state, "schemaVersion")) != VERSION || !mode ||
	    !recorded)
		return lf_fail_new(err, LF_E_FORMAT, "%s: not a state of mounts", path);
	s.fuse = strcmp(mode, "fuse") == 0;
	s.writable = json_is_true(json_object_get(state, "writable"));
	json_array_foreach(json_object_get(state, "mounts"), i, place)
	{
		const char *p = json_string_value(place);

		if (!add_place(&s, recorded, p ? p : "", arena, err)) {
			lf_strv_fini(&s.mounts);
			return false;
		}
	}
	for (size_t a = 0, b = s.mounts.n; a + 1 < b; a++) {
		const char *first = s.mounts.v[a];

		s.mounts.v[a] = s.mounts.v[--b];
		s.mounts.v[b] = first;
	}
	*ret = s;
	return true;
}

bool lf_erofs_state_remove(const char *dest, struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(dest, NAME);

	return unlink(path) == 0 || lf_fail_errno(err, "remove %s", path);
}

/*
 * Accounts: configured groups and users appended to /etc/group, /etc/passwd and /etc/shadow, home
 * directories for every user there, and run-as turned into a number.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define MAX_FIELDS 9

struct account {
	const char *field[MAX_FIELDS];
	uint64_t uid, gid;
};

struct accounts {
	struct account *v;
	size_t n, cap;
};

static size_t split_fields(struct lf_arena *arena, struct lf_str line, struct account *a)
{
	size_t n = 0;

	while (line.p) {
		struct lf_str field = lf_str_cut(&line, ':');

		if (n < MAX_FIELDS)
			a->field[n] = lf_arena_str(arena, field);
		n++;
	}
	return n;
}

static bool parse_id(const char *text, const char *what, uint64_t *ret, struct lf_err *err)
{
	if (lf_str_u64(lf_str(text), 10, ret) && *ret <= UINT32_MAX)
		return true;
	return lf_fail_new(err, LF_E_FORMAT, "failed to parse %s %s", what, text);
}

/* Ids are printed back as numbers, so "007" becomes "7": they are read here. id fields: uid and
 * gid, or 0 for none. */
static bool read_accounts(struct lf_image *img, const char *path, size_t n_fields, size_t uid,
			  size_t gid, struct accounts *ret, struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	if (!lf_root_read(img, path, &text))
		return true;
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		struct account a = {0};
		size_t n = split_fields(&img->arena, line, &a);

		if (n != n_fields)
			return lf_fail_new(err, LF_E_FORMAT,
					   "unable to parse: malformed line, contains %zu parts, "
					   "expecting %zu",
					   n, n_fields);
		if ((uid && !parse_id(a.field[uid], "UID", &a.uid, err)) ||
		    (gid && !parse_id(a.field[gid], "GID", &a.gid, err)))
			return false;
		lf_vec_push(ret, a);
	}
	return true;
}

/* ---- group ---- */

static void add_groups(struct lf_image *img, struct lf_buf *out)
{
	for (size_t i = 0; i < img->config.accounts.groups.n; i++) {
		const struct lf_group *g = &img->config.accounts.groups.v[i];

		lf_buf_printf(out, "%s:x:%u:", g->groupname, g->gid);
		for (size_t k = 0; k < g->members.n; k++)
			lf_buf_printf(out, "%s%s", k ? "," : "", g->members.v[k]);
		lf_buf_putc(out, '\n');
	}
}

static bool edit_group(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf out = {0};
	struct accounts old = {0};

	if (img->config.accounts.groups.n == 0)
		return true;
	bool ok = read_accounts(img, "etc/group", 4, 0, 2, &old, err);

	for (size_t i = 0; i < old.n; i++)
		lf_buf_printf(&out, "%s:%s:%ju:%s\n", old.v[i].field[0], old.v[i].field[1],
			      (uintmax_t)old.v[i].gid, old.v[i].field[3]);
	lf_vec_fini(&old);
	add_groups(img, &out);
	return ok && lf_root_write(img, "etc/group", lf_buf_view(&out), 0644, err);
}

/* ---- passwd ---- */

static void add_users(struct lf_image *img, struct accounts *list)
{
	for (size_t i = 0; i < img->config.accounts.users.n; i++) {
		const struct lf_user *u = &img->config.accounts.users.v[i];
		struct account a = {
			.field = {u->username, "x", "", "", "Account created by apko", u->homedir,
				  *u->shell ? u->shell : "/bin/sh"},
			.uid = u->uid,
			.gid = u->gid.set ? u->gid.v : u->uid,
		};

		if (!*u->homedir)
			a.field[5] = lf_arena_printf(&img->arena, "/home/%s", u->username);
		lf_vec_push(list, a);
	}
}

static void print_users(struct lf_buf *out, const struct accounts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct account *a = &list->v[i];

		lf_buf_printf(out, "%s:%s:%ju:%ju:%s:%s:%s\n", a->field[0], a->field[1],
			      (uintmax_t)a->uid, (uintmax_t)a->gid, a->field[4], a->field[5],
			      a->field[6]);
	}
}

static bool make_home(struct lf_image *img, const struct account *a, struct lf_err *err)
{
	const char *home = a->field[5];
	struct lf_node *n = lf_tree_find(img->tree, home, true);

	if (strcmp(home, "/dev/null") == 0 || (n && n->type == LF_NODE_DIR))
		return true;
	if (n)
		return lf_fail_new(err, LF_E_CONFIG,
				   "%s home directory %s exists, but is not a directory",
				   a->field[0], home);
	if (!lf_root_mkdirs(img, lf_root_dirname(img, home), 0755, err) ||
	    !(n = lf_root_mkdirs(img, home, 0700, err)))
		return lf_fail(err, "creating %s home directory %s", a->field[0], home);
	n->uid = (uint32_t)a->uid;
	n->gid = (uint32_t)a->gid;
	return true;
}

static void number_run_as(struct lf_image *img, const struct accounts *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(img->config.accounts.run_as, list->v[i].field[0]) == 0)
			img->config.accounts.run_as =
				lf_arena_printf(&img->arena, "%ju", (uintmax_t)list->v[i].uid);
}

static bool edit_passwd(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf out = {0};
	struct accounts list = {0};
	bool ok = read_accounts(img, "etc/passwd", 7, 2, 3, &list, err);

	if (ok) {
		add_users(img, &list);
		print_users(&out, &list);
		number_run_as(img, &list);
		ok = lf_root_write(img, "etc/passwd", lf_buf_view(&out), 0644, err);
	}
	for (size_t i = 0; ok && i < list.n; i++)
		ok = make_home(img, &list.v[i], err);
	lf_vec_fini(&list);
	return ok;
}

/* ---- shadow ---- */

/* compat: the date of the last change is lost when the file is rewritten. */
static bool edit_shadow(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf out = {0};
	struct accounts old = {0};

	if (img->config.accounts.users.n == 0)
		return true;
	bool ok = read_accounts(img, "etc/shadow", 9, 0, 0, &old, err);

	for (size_t i = 0; i < old.n; i++) {
		const char **f = old.v[i].field;

		lf_buf_printf(&out, "%s:%s::%s:%s:%s:%s:%s:%s\n", f[0], f[1], f[3], f[4], f[5],
			      f[6], f[7], f[8]);
	}
	lf_vec_fini(&old);
	for (size_t i = 0; i < img->config.accounts.users.n; i++)
		lf_buf_printf(&out, "%s:!:::::::\n", img->config.accounts.users.v[i].username);
	return ok && lf_root_write(img, "etc/shadow", lf_buf_view(&out), 0640, err);
}

bool lf_image_accounts(struct lf_image *img, struct lf_err *err)
{
	if (edit_group(img, err) && edit_passwd(img, err) && edit_shadow(img, err))
		return true;
	return lf_fail(err, "failed to mutate accounts");
}

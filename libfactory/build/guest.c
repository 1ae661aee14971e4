/*
 * The guest directory: made from the environment's tree, used as the root of the sandbox, asked for
 * owner names at the end. Steps may change everything in it, so it is only opened with links kept
 * inside.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/guest.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/stream.h"

#include "base/banned.h"

#define ACCOUNTS_MAX (16u << 20)

bool lf_guest_fill(const struct lf_ctx *ctx, struct lf_tree *tree, const char *dir,
		   struct lf_err *err)
{
	/* Others than the owner must get in when steps run as another user. */
	if (chmod(dir, 0755))
		return lf_fail_errno(err, "chmod %s", dir);
	return lf_tree_to_dir(tree, dir, lf_jobs(ctx), err);
}

static const struct lf_user *find_user(const struct lf_image_config *c, const char *name)
{
	for (size_t i = 0; i < c->accounts.users.n; i++) {
		if (!strcmp(c->accounts.users.v[i].username, name))
			return &c->accounts.users.v[i];
	}
	return NULL;
}

static const struct lf_user *find_uid(const struct lf_image_config *c, uint32_t uid)
{
	for (size_t i = 0; i < c->accounts.users.n; i++) {
		if (c->accounts.users.v[i].uid == uid)
			return &c->accounts.users.v[i];
	}
	return NULL;
}

bool lf_run_as_find(const struct lf_image_config *c, struct lf_run_as *ret, struct lf_err *err)
{
	const char *name = c->accounts.run_as;
	struct lf_run_as r = {.set = *name != 0};
	const struct lf_user *user = NULL;
	uint64_t uid = 0;

	if (!r.set || !strcmp(name, "root") || !strcmp(name, "0")) {
		*ret = r;
		return true;
	}
	if (lf_str_u64(lf_str(name), 10, &uid) && uid < UINT32_MAX)
		user = find_uid(c, (uint32_t)uid);
	else if (!(user = find_user(c, name)))
		return lf_fail_new(
			err, LF_E_CONFIG,
			"environment.accounts.run-as: no user \"%s\" in environment.accounts.users",
			name);
	r.uid = user ? user->uid : (uint32_t)uid;
	r.gid = user && user->gid.set ? user->gid.v : r.uid;
	*ret = r;
	return true;
}

static void copy_accounts(struct lf_tree *t, int guest, const char *path)
{
	lf_auto_buf text = {0};
	lf_auto_fd fd = lf_open_in_root(guest, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, NULL);

	if (fd < 0)
		return;
	lf_auto_reader *r = lf_reader_fd(fd, false);
	if (!lf_read_all(r, ACCOUNTS_MAX, &text, NULL) ||
	    !lf_tree_write(t, path, text.p, text.n, 0644, NULL))
		return; /* names are left out then */
}

struct lf_names *lf_guest_names(const char *guest)
{
	struct lf_tree *t = lf_tree_new();
	lf_auto_fd fd = open(guest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && lf_tree_mkdirs(t, "etc", 0755, NULL)) {
		copy_accounts(t, fd, "etc/passwd");
		copy_accounts(t, fd, "etc/group");
	}
	struct lf_names *names = lf_names_load(t);
	lf_tree_free(t);
	return names;
}

/*
 * Opening packages that exist: a path is opened, a URL is fetched into an unnamed file first; the
 * data section becomes a tree. Nothing here is trusted: a signature or a digest is checked by
 * whoever wants it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/published.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/apk_tree.h"
#include "net/http.h"
#include "net/url.h"
#include "recipe/recipe.h"

#include "base/banned.h"

static bool download(const struct lf_ctx *ctx, const char *url, int fd, struct lf_err *err)
{
	struct lf_http *http = lf_http_new(ctx, NULL);
	struct lf_writer *to = lf_writer_fd(fd, false);
	struct lf_http_transfer t = {.url = url, .to = to};
	lf_auto_err second = {0};
	bool ok = lf_http_one(http, &t, err), closed;

	if (ok && t.status != 200)
		ok = lf_fail_new(err, t.status == 404 ? LF_E_NOT_FOUND : LF_E_NET, "GET %s: %s",
				 url, lf_http_status_text(t.status));
	closed = lf_writer_close(to, ok ? err : &second); /* the first error counts */
	lf_http_transfer_fini(&t);
	lf_http_free(http);
	return ok && closed;
}

int lf_published_fetch(const struct lf_ctx *ctx, const char *location, struct lf_err *err)
{
	int fd;

	if (!lf_is_url(location))
		return lf_open_read(location, err);
	fd = lf_temp_file(err);
	if (fd >= 0 && !download(ctx, location, fd, err)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int lf_published_beside(const struct lf_ctx *ctx, const char *location, struct lf_err *err)
{
	lf_auto_err why = {0};
	int fd = lf_published_fetch(ctx, location, &why);

	if (fd < 0 && why.class != LF_E_NOT_FOUND)
		lf_err_move(err, &why);
	return fd;
}

bool lf_published_open(const struct lf_ctx *ctx, const char *location, struct lf_arena *arena,
		       struct lf_published *ret, struct lf_err *err)
{
	lf_auto_published p = {.location = location, .fd = lf_published_fetch(ctx, location, err)};
	struct stat st;

	if (p.fd < 0 || !lf_apk_tree_read(p.fd, location, arena, &p.apk, &p.tree, err))
		return false;
	if (fstat(p.fd, &st))
		return lf_fail_errno(err, "stat %s", location);
	p.size = (uint64_t)st.st_size;
	*ret = lf_take(p);
	return true;
}

void lf_published_fini(struct lf_published *p)
{
	if (p->location)
		lf_close_p(&p->fd);
	lf_tree_free(p->tree);
	*p = (struct lf_published){0};
}

bool lf_published_recipe(const struct lf_ctx *ctx, const struct lf_published *p,
			 struct lf_arena *arena, struct lf_recipe *ret, struct lf_err *err)
{
	const struct lf_apk_control_file *file = lf_apk_control_file(&p->apk, ".melange.yaml");
	const struct lf_recipe_options o = {.arch = "",
					    .commit = "",
					    .vars_file = "",
					    .libc_flavor = "",
					    .cpu = "",
					    .cpumodel = "",
					    .memory = "",
					    .disk = ""};

	if (!file)
		return lf_fail_new(err, LF_E_NOT_FOUND,
				   "could not open .melange.yaml file: file does not exist");
	return lf_recipe_parse(ctx, file->content, ".melange.yaml", &o, arena, ret, err);
}

/*
 * melange bump: a file comes in, the same file with another version takes its place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "base/fs.h"
#include "build/download.h"
#include "recipe/sources.h"

#include "base/banned.h"

#define MAX_RECIPE ((size_t)16 << 20)

static bool fetch(void *http, const char *url, struct lf_bump_digests *ret, struct lf_err *err)
{
	struct lf_download d;

	if (!lf_download(http, url, -1, &d, err))
		return false;
	if (d.status != 200)
		return lf_fail_new(err, LF_E_NET, "failed to fetch %s: %s", url,
				   lf_http_status_text(d.status));
	memcpy(ret->sha256, d.sha256, sizeof(ret->sha256));
	memcpy(ret->sha512, d.sha512, sizeof(ret->sha512));
	return true;
}

bool lf_bump(const struct lf_ctx *ctx, const char *config, const char *version,
	     const char *expected_commit, struct lf_err *err)
{
	lf_auto_http *http = lf_download_client(ctx);
	const struct lf_bump o = {version, expected_commit, fetch, http};
	lf_auto_buf old = {0}, new = {0};
	lf_auto_out out = {0};

	return lf_read_file(config, MAX_RECIPE, &old, err) &&
	       lf_recipe_bump(ctx, lf_buf_view(&old), config, &o, &new, err) &&
	       lf_out_replace(&out, config, err) && lf_write_all(out.fd, new.p, new.n, err) &&
	       lf_out_commit(&out, err);
}

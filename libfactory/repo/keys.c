/*
 * Keys that are configured: files and URLs. Out comes a ring of names and PEM texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/url.h"
#include "repo/discover.h"
#include "repo/fetcher.h"

#include "base/banned.h"

#define MAX_KEY 65536

static bool is_good(unsigned status)
{
	return status >= 200 && status < 300;
}

bool lf_fetch_key_text(struct lf_fetcher *f, const char *url, struct lf_buf *ret,
		       struct lf_err *err)
{
	struct lf_tagged t = {
		.url = url, .extension = ".etag", .max_body = MAX_KEY, .keep_tls = true};
	struct lf_url parts;

	if (!lf_url_parse(url, &parts))
		return lf_fail_new(err, LF_E_CONFIG, "failed to fetch apk key: no host in URL");
	bool ok = lf_tagged_fetch(f, &t, 1, err);
	if (ok && t.err.class) {
		lf_err_move(err, &t.err);
		ok = false;
	}
	if (!ok)
		lf_fail(err, "failed to fetch apk key");
	else if (!is_good(t.status))
		ok = lf_fail_new(err, LF_E_NET,
				 "failed to fetch apk key from " LF_STR_FMT
				 ": http response indicated error code: %u",
				 LF_STR_ARG(parts.host), t.status);
	else if (t.body.n > MAX_KEY)
		ok = lf_fail_new(err, LF_E_LIMIT,
				 "failed to fetch apk key from " LF_STR_FMT
				 ": size limit exceeded: limit is %d bytes",
				 LF_STR_ARG(parts.host), MAX_KEY);
	if (ok)
		lf_buf_str(ret, lf_buf_view(&t.body));
	lf_tagged_fini(&t);
	return ok;
}

bool lf_fetch_key(struct lf_fetcher *f, const char *location, struct lf_keyring *ring,
		  struct lf_err *err)
{
	lf_auto_buf text = {0};
	const char *slash = strrchr(location, '/');

	if (lf_is_url(location)) {
		if (!lf_fetch_key_text(f, location, &text, err))
			return false;
	} else {
		lf_auto_free char *path = lf_url_local_path(location);

		if (!lf_read_file(path, MAX_KEY, &text, err))
			return false;
	}
	lf_keyring_add(ring, slash ? slash + 1 : location, lf_buf_view(&text));
	return true;
}

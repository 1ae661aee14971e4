/*
 * One file from a URL: bytes go through two digests into a descriptor. net/ tries again and goes on
 * where a transfer broke off.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/download.h"

#include "base/fs.h"

#include "base/banned.h"

struct lf_http *lf_download_client(const struct lf_ctx *ctx)
{
	const struct lf_http_options o = {.agent = "melange/" FACTORY_VERSION};

	return lf_http_new(ctx, &o);
}

void lf_http_free_p(struct lf_http **h)
{
	lf_http_free(*h);
	*h = NULL;
}

static bool get_http(struct lf_http *http, const char *url, struct lf_writer *to,
		     struct lf_download *ret, struct lf_err *err)
{
	struct lf_http_transfer t = {.url = url, .to = to};
	bool ok = lf_http_one(http, &t, err);

	ret->status = t.status;
	lf_http_transfer_fini(&t);
	return ok || lf_fail(err, "failed to fetch %s", url);
}

static bool get_file(const char *path, struct lf_writer *to, struct lf_download *ret,
		     struct lf_err *err)
{
	int fd = lf_open_read(path, err);

	if (fd < 0)
		return false;
	lf_auto_reader *r = lf_reader_fd(fd, true);

	ret->status = 200;
	return lf_copy(r, to, NULL, err);
}

static bool get(struct lf_http *http, const char *url, struct lf_writer *to,
		struct lf_download *ret, struct lf_err *err)
{
	if (lf_starts(url, "file:///"))
		return get_file(url + strlen("file://"), to, ret, err);
	if (lf_starts(url, "http://") || lf_starts(url, "https://"))
		return get_http(http, url, to, ret, err);
	return lf_fail_new(err, LF_E_CONFIG, "Get \"%s\": unsupported protocol scheme", url);
}

bool lf_download(struct lf_http *http, const char *url, int fd, struct lf_download *ret,
		 struct lf_err *err)
{
	struct lf_writer *file = fd < 0 ? NULL : lf_writer_fd(fd, false);
	struct lf_digest_writer sha512, sha256;
	uint8_t digest[LF_HASH_MAX];

	lf_digest_writer_init(&sha512, LF_SHA512, file);
	lf_digest_writer_init(&sha256, LF_SHA256, &sha512.w);
	bool ok = get(http, url, &sha256.w, ret, err);

	if (file)
		ok = lf_writer_close(file, ok ? err : NULL) && ok;
	lf_digest_final(sha256.digest, digest);
	lf_hex(digest, lf_hash_len(LF_SHA256), ret->sha256);
	lf_digest_final(sha512.digest, digest);
	lf_hex(digest, lf_hash_len(LF_SHA512), ret->sha512);
	ret->size = sha256.n;
	lf_digest_writer_fini(&sha256);
	lf_digest_writer_fini(&sha512);
	return ok;
}

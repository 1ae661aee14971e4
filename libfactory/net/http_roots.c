/*
 * The authorities that are trusted when $SSL_CERT_DIR says so: all certificates in its directories
 * (separated by colons) whatever their names, and those of $SSL_CERT_FILE or of the system. libcurl
 * itself would find only files that are named by hash.
 *
 * compat: as Go does; a directory or file that cannot be read is passed over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/http_flight.h"

#include "base/banned.h"

#define MAX_ROOTS ((size_t)32 << 20)
#define BEGIN     LF_STR("-----BEGIN CERTIFICATE-----")
#define END       LF_STR("-----END CERTIFICATE-----")

/* Only whole certificates: keys and broken files would spoil the rest. */
static void add_blocks(struct lf_buf *out, struct lf_str text)
{
	for (ptrdiff_t at; (at = lf_str_search(text, BEGIN)) >= 0;) {
		text = lf_str_sub(text, (size_t)at, text.n);
		const ptrdiff_t end = lf_str_search(text, END);

		if (end < 0 || out->n + (size_t)end + END.n >= MAX_ROOTS)
			return;
		lf_buf_str(out, lf_str_sub(text, 0, (size_t)end + END.n));
		lf_buf_putc(out, '\n');
		text = lf_str_sub(text, (size_t)end + END.n, text.n);
	}
}

static void add_file(const struct lf_ctx *ctx, struct lf_buf *out, const char *path)
{
	lf_auto_buf text = {0};
	lf_auto_err why = {0};

	if (lf_read_file(path, MAX_ROOTS, &text, &why))
		add_blocks(out, lf_buf_view(&text));
	else
		lf_debug(ctx, "certificates: %s", lf_err_text(&why));
}

static void add_dir(const struct lf_ctx *ctx, struct lf_buf *out, const char *dir)
{
	lf_auto_err why = {0};
	lf_auto_fd fd = lf_open_read(dir, &why);
	struct lf_strv names = {0};
	struct stat st;

	if (fd < 0 || !lf_dir_names(fd, &names, &why))
		lf_debug(ctx, "certificates: %s", lf_err_text(&why));
	for (size_t i = 0; i < names.n; i++) {
		lf_auto_free char *path = lf_path_join(dir, names.v[i]);

		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			add_file(ctx, out, path);
	}
	lf_dir_names_fini(&names);
}

/* The file that libcurl was made to use. */
static void add_standard(const struct lf_ctx *ctx, const struct lf_curl *curl, struct lf_buf *out)
{
	CURL *easy = curl->easy_init();
	const char *path = NULL;

	if (!easy)
		return;
	if (curl->easy_getinfo(easy, CURLINFO_CAINFO, &path) == CURLE_OK && path)
		add_file(ctx, out, path);
	curl->easy_cleanup(easy);
}

void lf_http_roots(const struct lf_ctx *ctx, const struct lf_curl *curl, struct lf_buf *ret)
{
	const char *dirs = getenv("SSL_CERT_DIR"), *file = getenv("SSL_CERT_FILE");
	struct lf_str rest = lf_str(dirs ? dirs : "");

	if (!rest.n)
		return;
	if (file && *file)
		add_file(ctx, ret, file);
	else
		add_standard(ctx, curl, ret);
	while (rest.n) {
		lf_auto_buf dir = {0};

		lf_buf_str(&dir, lf_str_cut(&rest, ':'));
		if (dir.n)
			add_dir(ctx, ret, lf_buf_c(&dir));
	}
}

/*
 * Source archives: one file from a URL, digested on the way. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/ctx.h>

#include "net/http.h"
#include "trust/digest.h"

struct lf_download {
	unsigned status; /* of the server; 200 for a file of this machine */
	uint64_t size;
	char sha256[2 * 32 + 1], sha512[2 * 64 + 1]; /* hexadecimal */
};

/* A client for lf_download. */
struct lf_http *lf_download_client(const struct lf_ctx *ctx);
void lf_http_free_p(struct lf_http **h);
#define lf_auto_http __attribute__((cleanup(lf_http_free_p))) struct lf_http

/* Gets what is at an http://, https:// or file:// URL and writes it to fd, unless that is -1. True
 * for any status of a server: only when it is 200 the rest is there. */
bool lf_download(struct lf_http *http, const char *url, int fd, struct lf_download *ret,
		 struct lf_err *err) LF_MUST_CHECK;

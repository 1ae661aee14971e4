/*
 * Certificates on their way into the stores of an image.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "image/image.h"

struct lf_certificate {
	const char *alias; /* "NAME-SHA256" or "pkg-SHA256" */
	struct lf_str pem, der;
};

struct lf_certificates {
	struct lf_certificate *v;
	size_t n, cap;
};

/* A Java keystore (JKS, password "changeit") with the certificates added as trusted entries of this
 * time, aliases sorted. */
bool lf_truststore_add(struct lf_str old, const struct lf_certificates *list, int64_t time,
		       struct lf_arena *arena, struct lf_buf *out,
		       struct lf_err *err) LF_MUST_CHECK;

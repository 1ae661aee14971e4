/* Any bytes as header lines of a 401 reply, as a Location, as the words of a registry.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "net/registry_impl.h"
#include "net/url.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_challenge(struct lf_str s)
{
	lf_auto_arena arena = {0};
	struct lf_challenge c;
	struct lf_url url;

	if (lf_challenge_parse(s, &arena, &c) && c.kind == LF_CHALLENGE_BEARER &&
	    (!lf_url_parse(c.realm, &url) || strpbrk(c.realm, "\r\n ")))
		abort();
	if (lf_challenge_find(s, &arena, &c) && c.kind == LF_CHALLENGE_NONE)
		abort();
}

static void check_location(struct lf_str s)
{
	struct lf_registry r = {.base = "http://h"};
	lf_auto_call c = {0};

	lf_call_init(&c, &r, "POST", "/v2/x");
	lf_buf_puts(&c.t.fields, "Location: ");
	lf_buf_str(&c.t.fields, s);
	const char *url = lf_call_location(&c, &r, NULL);

	for (const char *p = url; p && *p; p++)
		if (*p <= ' ' || *p > '~')
			abort();
	lf_arena_fini(&r.arena);
}

/* One line of harmless text, whatever it is. */
static void check_words(struct lf_str s)
{
	struct lf_http_transfer t = {.method = "PUT", .url = "http://h/x", .status = 400};
	lf_auto_buf out = {0};

	lf_buf_str(&t.complaint, s);
	lf_registry_words(&out, &t);
	for (size_t i = 0; i < out.n; i++)
		if ((unsigned char)out.p[i] < ' ' || out.p[i] == 0x7f)
			abort();
	lf_http_transfer_fini(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lf_str s = {(const char *)data, size};

	check_challenge(s);
	check_location(s);
	check_words(s);
	return 0;
}

/* Any bytes as a file of credentials and as the answer of a helper: what is taken from them can
 * stand in a header line, and messages quote none of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "net/docker_config.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *s)
{
	for (; s && *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			abort();
}

static void check_message(const struct lf_err *err)
{
	if (err->class && !lf_starts(lf_err_text(err), "file") &&
	    !lf_starts(lf_err_text(err), "answer of docker-credential-h"))
		abort();
	if (strlen(lf_err_text(err)) > 100)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lf_str s = {(const char *)data, size};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0}, other = {0};
	struct lf_docker_entry e = {0};

	if (lf_docker_config_find(s, "file", "r.example", "a/b", &arena, &e, &err)) {
		check_text(e.auth.identity_token);
		check_text(e.auth.registry_token);
		check_text(e.helper);
	}
	check_message(&err);
	if (lf_docker_helper_parse(s, "h", &arena, &e.auth, &other))
		check_text(e.auth.password);
	check_message(&other);
	return 0;
}

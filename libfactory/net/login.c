/*
 * `apko login`: from the words of the command line to docker's file of credentials.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/registry.h>

#include "net/docker_config.h"
#include "net/reference.h"
#include "base/banned.h"

bool lf_registry_login(const struct lf_ctx *ctx, const char *registry, const char *user,
		       const char *password, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	const char *path;
	bool plain;

	if (!lf_reference_registry(registry, &registry, err))
		return false;
	if (!*user || !*password)
		return lf_fail_new(err, LF_E_USAGE, "username and password required");
	path = lf_docker_config_path(&arena, err);
	if (!path || !lf_docker_login(ctx, path, registry, user, password, &plain, err))
		return false;
	if (plain)
		lf_warn(ctx,
			"the password is stored unencrypted in %s; a credential helper would "
			"avoid that",
			path);
	lf_info(ctx, "logged in via %s", path);
	return true;
}

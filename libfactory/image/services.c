/*
 * The supervision tree: /sv/NAME/run for each configured service.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/mem.h"
#include "image/image.h"
#include "base/banned.h"

static bool write_service(struct lf_image *img, const char *name, const char *command,
			  struct lf_err *err)
{
	const char *dir = lf_arena_printf(&img->arena, "sv/%s", name);
	const char *run = lf_arena_printf(&img->arena, "%s/run", dir);
	const char *text = lf_arena_printf(&img->arena, "#!/bin/execlineb\n%s\n", command);

	return lf_root_mkdirs(img, dir, 0777, err) &&
	       lf_root_write(img, run, lf_str(text), 0755, err);
}

bool lf_image_services(struct lf_image *img, struct lf_err *err)
{
	const struct lf_pairs *services = &img->config.entrypoint.services;

	for (size_t i = 0; i < services->n; i++)
		if (!write_service(img, services->v[i].key, services->v[i].value, err))
			return lf_fail(err, "failed to write supervision tree: creating service %s",
				       services->v[i].key);
	return true;
}

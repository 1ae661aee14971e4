/*
 * YAML: whatever parses is decoded as an image configuration, and what that prints must parse and
 * print the same again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool load(struct lf_str text, struct lf_arena *arena, struct lf_image_config *ret)
{
	struct lf_yaml *root = NULL;

	return lf_yaml_parse(text, "f", arena, &root, NULL) && root &&
	       lf_image_config_decode(root, arena, ret, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_buf first = {0}, second = {0};
	struct lf_image_config c, again;

	if (!load((struct lf_str){(const char *)data, size}, &arena, &c))
		return 0;
	lf_image_config_yaml(&first, &c);
	if (!load(lf_buf_view(&first), &arena, &again))
		abort();
	lf_image_config_yaml(&second, &again);
	if (strcmp(lf_buf_c(&first), lf_buf_c(&second)) != 0)
		abort();
	lf_buf_clear(&first);
	lf_image_config_json(&first, &c);
	lf_image_config_fini(&c);
	lf_image_config_fini(&again);
	return 0;
}

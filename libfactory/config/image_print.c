/*
 * The image configuration as text, and the masking of passwords in repository URLs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/print.h"

#include "base/banned.h"

void lf_redact(struct lf_buf *out, const char *text)
{
	const char *host = strstr(text, "://"), *at = NULL, *colon;
	size_t n;

	if (!host) {
		lf_buf_puts(out, text);
		return;
	}
	host += 3;
	n = strcspn(host, "/?#");
	for (size_t i = 0; i < n; i++)
		if (host[i] == '@')
			at = host + i;
	colon = at ? memchr(host, ':', (size_t)(at - host)) : NULL;
	if (!colon) {
		lf_buf_puts(out, text);
		return;
	}
	lf_buf_add(out, text, (size_t)(colon - text));
	lf_buf_puts(out, ":xxxxx");
	lf_buf_puts(out, at);
}

void lf_image_config_json(struct lf_buf *out, const struct lf_image_config *c)
{
	lf_shape_json(out, &lf_image_config_shape, c);
}

void lf_image_config_yaml_node(struct lf_yaml_out *y, const struct lf_image_config *c)
{
	lf_shape_yaml(y, &lf_image_config_shape, c);
}

void lf_image_config_yaml(struct lf_buf *out, const struct lf_image_config *c)
{
	struct lf_yaml_out y = {.out = out, .indent = 4};

	lf_image_config_yaml_node(&y, c);
}

bool lf_image_config_is_empty(const struct lf_image_config *c)
{
	return lf_shape_is_empty(&lf_image_config_shape, c);
}

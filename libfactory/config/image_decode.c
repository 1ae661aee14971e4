/*
 * The image configuration as a value: decoded from YAML, copied, freed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"
#include "config/decode.h"

#include "base/banned.h"

void lf_image_config_init(struct lf_image_config *c)
{
	lf_shape_init(&lf_image_config_shape, c);
}

void lf_image_config_fini(struct lf_image_config *c)
{
	lf_shape_fini(&lf_image_config_shape, c);
}

void lf_image_config_copy(struct lf_image_config *dst, const struct lf_image_config *src)
{
	lf_shape_copy(&lf_image_config_shape, dst, src);
}

const char *lf_image_arch(const char *name)
{
	static const struct {
		const char *other, *oci;
	} names[] = {
		{"x86", "386"},      {"x86_64", "amd64"}, {"aarch64", "arm64"},
		{"armhf", "arm/v6"}, {"armv7", "arm/v7"}, {"loongarch64", "loong64"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++)
		if (strcmp(name, names[i].other) == 0)
			return names[i].oci;
	return name;
}

void lf_image_config_settle(struct lf_image_config *c)
{
	for (size_t i = 0; i < c->archs.n; i++)
		c->archs.v[i] = lf_image_arch(c->archs.v[i]);
}

bool lf_image_config_decode(const struct lf_yaml *node, struct lf_arena *arena,
			    struct lf_image_config *ret, struct lf_err *err)
{
	if (!lf_decode(&lf_image_config_shape, node, arena, LF_DECODE_STRICT, ret, err))
		return false;
	lf_image_config_settle(ret);
	return true;
}

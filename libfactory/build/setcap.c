/*
 * File capabilities (`setcap:`): from names and flag letters to the value of the extended attribute
 * security.capability, as the kernel's capabilities(7) and <linux/capability.h> define it, put on
 * the files of a package tree.
 *
 * compat: only the letters e, p and i of a flag text count: "+ep", "=p" and "p" are read alike;
 * sets of one path add up.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/setcap.h"

#include "base/banned.h"

#define REVISION_3     0x03000000u
#define FLAG_EFFECTIVE 1u

static const struct {
	const char *name;
	unsigned bit;
} allowed[] = {
	{"cap_net_bind_service", 10}, {"cap_net_admin", 12}, {"cap_net_raw", 13},
	{"cap_ipc_lock", 14},         {"cap_sys_admin", 21},
};

static bool find_bit(struct lf_str name, uint32_t *ret)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(allowed); i++) {
		if (lf_str_is(name, allowed[i].name)) {
			*ret = 1u << allowed[i].bit;
			return true;
		}
	}
	return false;
}

bool lf_caps_add(struct lf_caps *caps, const struct lf_pairs *add, const char *path,
		 struct lf_err *err)
{
	for (size_t i = 0; i < add->n; i++) {
		struct lf_str names = lf_str(add->v[i].key);
		const char *flags = add->v[i].value;
		while (names.p) {
			struct lf_str name = lf_str_cut(&names, ',');
			uint32_t bit;
			if (!find_bit(name, &bit))
				return lf_fail_new(err, LF_E_CONFIG,
						   "invalid capability \"" LF_STR_FMT
						   "\" for path \"%s\"",
						   LF_STR_ARG(name), path);
			caps->permitted |= strchr(flags, 'p') ? bit : 0;
			caps->inheritable |= strchr(flags, 'i') ? bit : 0;
			caps->effective |= strchr(flags, 'e') != NULL;
		}
	}
	return true;
}

static void put_u32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

void lf_caps_encode(const struct lf_caps *caps, uint8_t out[LF_SETCAP_LEN])
{
	memset(out, 0, LF_SETCAP_LEN);
	put_u32(out, REVISION_3 | (caps->effective ? FLAG_EFFECTIVE : 0));
	put_u32(out + 4, caps->permitted);
	put_u32(out + 8, caps->inheritable);
}

static const char *relative(const char *path)
{
	while (*path == '/')
		path++;
	return path;
}

/* All entries for the same path as entry i, up to and including it. */
static bool sum_up(const struct lf_unit *unit, size_t i, struct lf_caps *ret, struct lf_err *err)
{
	const char *path = relative(unit->setcap.v[i].path);

	for (size_t k = 0; k <= i; k++) {
		const struct lf_setcap *s = &unit->setcap.v[k];
		if (!strcmp(relative(s->path), path) && !lf_caps_add(ret, &s->add, s->path, err))
			return false;
	}
	return true;
}

bool lf_setcap_apply(const struct lf_ctx *ctx, const struct lf_unit *unit, struct lf_tree *tree,
		     struct lf_err *err)
{
	for (size_t i = 0; i < unit->setcap.n; i++) {
		const char *path = unit->setcap.v[i].path;
		struct lf_caps caps = {0};
		uint8_t value[LF_SETCAP_LEN];

		if (!sum_up(unit, i, &caps, err))
			return false;
		struct lf_node *n = lf_tree_find(tree, relative(path), true);
		if (!n || n->type != LF_NODE_FILE) {
			lf_warn(ctx, "failed to set capabilities on %s: file does not exist", path);
			continue;
		}
		lf_caps_encode(&caps, value);
		lf_tree_set_xattr(tree, n, LF_STR("security.capability"),
				  (struct lf_str){(const char *)value, sizeof(value)});
	}
	return true;
}

/*
 * From WORKSPACE/melange-out/NAME to the tree of a package. Contents stay on disk; owners, modes
 * and attributes become what the package will say. The steps own that directory: it is entered
 * without following links.
 *
 * compat: unless the owner map says faithful, directories keep only their rwx bits and belong to
 * root, without attributes; so do links. Hard links are independent files. Every directory counts
 * 4096 bytes of installed size, which upstream gets from the file system that it usually builds on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/outputs.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fs.h"

#include "base/banned.h"

#define DIRECTORY_SIZE 4096

/* Attributes of the machine that builds, not of the package. */
static const char *const ignored_xattrs[] = {
	"com.apple.provenance",          "security.csm",         "security.selinux",
	"com.docker.grpcfuse.ownership", "trusted.SGI_ACL_FILE", "trusted.SGI_ACL_DEFAULT",
};

static bool is_ignored(struct lf_str key)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(ignored_xattrs); i++) {
		if (lf_str_is(key, ignored_xattrs[i]))
			return true;
	}
	return false;
}

static void drop_ignored(struct lf_node *n)
{
	struct lf_xattr **at = &n->xattr;

	while (*at) {
		if (is_ignored((*at)->key))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
}

struct lf_owner_map lf_owner_map_make(const struct lf_image_config *c)
{
	struct lf_owner_map m = {
		.foreign = geteuid() != 0, .host_uid = geteuid(), .host_gid = getegid()};

	for (size_t i = 0; i < c->accounts.users.n; i++) {
		if (!strcmp(c->accounts.users.v[i].username, "build"))
			m.uid = c->accounts.users.v[i].uid;
	}
	for (size_t i = 0; i < c->accounts.groups.n; i++) {
		if (!strcmp(c->accounts.groups.v[i].groupname, "build"))
			m.gid = c->accounts.groups.v[i].gid;
	}
	return m;
}

static bool finish_node(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const struct lf_owner_map *m = data;

	(void)path;
	(void)err;
	if (!m->faithful && (n->type == LF_NODE_DIR || n->type == LF_NODE_SYMLINK)) {
		n->uid = n->gid = 0;
		n->xattr = NULL;
		n->mode = n->type == LF_NODE_DIR ? n->mode & 0777 : 0777;
		return true;
	}
	if (n->uid == m->uid || (m->foreign && n->uid == m->host_uid))
		n->uid = 0;
	if (n->gid == m->gid || (m->foreign && n->gid == m->host_gid))
		n->gid = 0;
	drop_ignored(n);
	return true;
}

/* Opens the directory of a package without following links: a step may have put one there. */
static int open_output(const char *workspace, const char *name, struct lf_err *err)
{
	lf_auto_fd top = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	lf_auto_free char *path = lf_path_join("melange-out", name);

	if (top < 0) {
		lf_fail_errno(err, "open %s", workspace);
		return -1;
	}
	return lf_open_beneath(top, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, err);
}

struct lf_tree *lf_output_read(const char *workspace, const char *name,
			       const struct lf_owner_map *owners, struct lf_err *err)
{
	struct lf_owner_map map = *owners;
	lf_auto_fd fd = open_output(workspace, name, err);
	char path[64];

	if (fd < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/.", fd);
	struct lf_tree *t = lf_tree_new();
	if (lf_tree_from_dir(t, path, map.faithful, err) && lf_tree_walk(t, finish_node, &map, err))
		return t;
	lf_fail(err, "reading melange-out/%s", name);
	lf_tree_free(t);
	return NULL;
}

static bool count_directory(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	uint64_t *size = data;

	(void)path;
	(void)err;
	*size += n->type == LF_NODE_DIR ? DIRECTORY_SIZE : 0;
	return true;
}

uint64_t lf_output_directory_size(struct lf_tree *tree)
{
	uint64_t size = DIRECTORY_SIZE; /* of the root */

	if (!lf_tree_walk(tree, count_directory, &size, NULL))
		return 0; /* cannot happen: the callback never fails */
	return size;
}

static struct lf_strv list_licenses(const struct lf_recipe_package *p, struct lf_arena *arena)
{
	struct lf_strv v = {.v = lf_new_n(arena, const char *, p->copyright.n),
			    .cap = p->copyright.n};

	for (size_t i = 0; i < p->copyright.n; i++)
		v.v[v.n++] = p->copyright.v[i].license;
	return v;
}

void lf_output_pkginfo(const struct lf_recipe *recipe, const struct lf_output *out,
		       struct lf_arena *arena, struct lf_pkginfo *ret)
{
	const struct lf_unit *unit = out->unit;

	*ret = (struct lf_pkginfo){
		.name = unit->name,
		.version = lf_recipe_full_version(recipe),
		.origin = recipe->package.unit.name,
		.description = unit->description,
		.url = unit->url,
		.licenses = list_licenses(&recipe->package, arena),
		.depends = out->generated.runtime,
		.provides = out->generated.provides,
		.replaces = unit->dependencies.replaces,
		.vendored = out->vendored,
		.triggers = unit->scriptlets.trigger_paths,
		.provider_priority = unit->dependencies.provider_priority,
		.replaces_priority = unit->dependencies.replaces_priority,
	};
}

void lf_output_fini(struct lf_output *o)
{
	lf_tree_free(o->tree);
	lf_strv_fini(&o->found.runtime);
	lf_strv_fini(&o->found.provides);
	lf_strv_fini(&o->generated.runtime);
	lf_strv_fini(&o->generated.provides);
	lf_strv_fini(&o->vendored);
	*o = (struct lf_output){0};
}

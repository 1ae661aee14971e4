/*
 * Shared objects: the libraries and interpreters that ELF files need become so: dependencies;
 * sonames in library folders become provides, sonames elsewhere vendored entries. A symbolic link
 * to a library needs what the sibling package with the library provides, which is how a -dev
 * package depends on its library.
 *
 * compat: libraries that the graphics driver's host brings (nvidia and the like) count nowhere; a
 * NEEDED name without a version counts for nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/elf_file.h"
#include "build/libraries.h"
#include "build/scan/scan.h"

#include "base/banned.h"

static bool is_host_library(const char *name)
{
	static const char *const names[] = {
		"libEGL_nvidia.so.1",
		"libGLESv1_CM_nvidia.so.1",
		"libGLESv2_nvidia.so.1",
		"libGLX_nvidia.so.1",
		"libcuda.so.1",
		"libcudadebugger.so.1",
		"libnvcuvid.so.1",
		"libnvidia-allocator.so.1",
		"libnvidia-cfg.so.1",
		"libnvidia-eglcore.so.1",
		"libnvidia-encode.so.1",
		"libnvidia-fbc.so.1",
		"libnvidia-glcore.so.1",
		"libnvidia-glsi.so.1",
		"libnvidia-glvkspirv.so.1",
		"libnvidia-gpucomp.so.1",
		"libnvidia-ml.so.1",
		"libnvidia-ngx.so.1",
		"libnvidia-nvvm.so.1",
		"libnvidia-opencl.so.1",
		"libnvidia-opticalflow.so.1",
		"libnvidia-pkcs11-openssl3.so.1",
		"libnvidia-pkcs11.so.1",
		"libnvidia-ptxjitcompiler.so.1",
		"libnvidia-rtcore.so.1",
		"libnvidia-tls.so.1",
		"libnvoptix.so.1",
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The version in a soname: what stands between the first ".so." and the next, when it is digits and
 * dots; otherwise "0". */
static struct lf_str library_version(const char *soname)
{
	const char *dot = strstr(soname, ".so."), *version = dot ? dot + 4 : "", *end;

	end = strstr(version, ".so.");
	struct lf_str s = {version, end ? (size_t)(end - version) : strlen(version)};
	return s.n && strspn(version, "0123456789.") >= s.n ? s : LF_STR("0");
}

/* On a library, and on the version of its package when that is wanted. */
static bool depend(struct lf_scan *s, const char *soname, struct lf_err *err)
{
	const char *version = NULL;

	lf_scan_add(s, &s->runtime, "so:%s", soname);
	if (!s->in->libraries || s->out->unit->options.no_versioned_shlib_deps)
		return true;
	if (!lf_libraries_version(s->in, soname, &version, err))
		return false;
	if (version)
		lf_scan_add(s, &s->runtime, "so-ver:%s>=%s", soname, version);
	return true;
}

/* The library of that name in a library folder of some sibling, or NULL. */
static bool find_library(struct lf_scan *s, const char *name, struct lf_arena *scratch,
			 struct lf_elf *ret, bool *ret_found, struct lf_err *err)
{
	for (size_t i = 0; i < s->in->n_outputs; i++) {
		struct lf_tree *tree = s->in->output[i].tree;

		for (size_t j = 0; j < s->lib_dirs.n; j++) {
			const char *path =
				lf_arena_printf(scratch, "%s/%s", s->lib_dirs.v[j], name);
			const struct lf_node *n = lf_scan_follow(tree, lf_tree_root(tree), path);

			if (n && !lf_node_elf(n, scratch, ret, ret_found, err))
				return false;
			*ret_found = *ret_found && ret->soname.n;
			if (*ret_found)
				return true;
		}
	}
	return true;
}

static bool scan_link(struct lf_scan *s, const struct lf_node *link, const char *path,
		      struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	struct lf_elf elf;
	bool found = false;

	if (link->type != LF_NODE_SYMLINK || !strstr(path, ".so"))
		return true;
	if (!find_library(s, base_name(link->link), &scratch, &elf, &found, err))
		return false;
	for (size_t i = 0; found && i < elf.soname.n; i++) {
		if (is_host_library(elf.soname.v[i]))
			continue;
		lf_info(s->ctx, "  found soname %s for %s", elf.soname.v[i], path);
		if (!depend(s, elf.soname.v[i], err))
			return false;
	}
	return true;
}

static void scan_interp(struct lf_scan *s, const struct lf_elf *elf, const char *path)
{
	const char *name;

	if (!elf->interp || !*elf->interp)
		return;
	lf_info(s->ctx, "interpreter for %s => %s", base_name(path), elf->interp);
	name = base_name(elf->interp);
	if (lf_starts(name, "ld-musl"))
		lf_scan_add(s, &s->runtime, "so:libc.musl%s", name + strlen("ld-musl"));
	else
		lf_scan_add(s, &s->runtime, "so:%s", name);
}

static bool scan_needed(struct lf_scan *s, const struct lf_elf *elf, const char *path,
			struct lf_err *err)
{
	for (size_t i = 0; i < elf->needed.n; i++) {
		const char *name = elf->needed.v[i];

		if (!strstr(name, ".so.") || is_host_library(name))
			continue;
		lf_info(s->ctx, "  found lib %s for %s", name, path);
		if (!depend(s, name, err))
			return false;
	}
	return true;
}

static void scan_soname(struct lf_scan *s, const struct lf_elf *elf, const char *path)
{
	const char *file = base_name(path);
	struct lf_strv *list;

	if (elf->interp && *elf->interp && !strstr(file, ".so.") && !lf_ends(file, ".so"))
		return;
	list = lf_scan_in_dirs(path, &s->lib_dirs) ? &s->provides : &s->vendored;
	for (size_t i = 0; i < elf->soname.n; i++) {
		const char *name = elf->soname.v[i];

		if (is_host_library(name))
			continue;
		struct lf_str version = library_version(name);
		lf_scan_add(s, list, "so:%s=" LF_STR_FMT, name, LF_STR_ARG(version));
		lf_scan_add(s, list, "so-ver:%s=%s", name, s->in->full_version);
	}
}

/* Go programs built against the FIPS crypto of OpenSSL load it at run time. */
static void scan_go(struct lf_scan *s, const struct lf_elf *elf)
{
	static const char *const experiments[] = {
		"GOEXPERIMENT=boringcrypto",
		"GOEXPERIMENT=systemcrypto",
		"GOEXPERIMENT=opensslcrypto",
		"microsoft_systemcrypto=1",
	};
	struct lf_str rest = elf->go_buildinfo, line;
	bool cgo = false, fips = false;

	while (lf_str_line(&rest, &line)) {
		if (!lf_str_skip(&line, "build\t"))
			continue;
		cgo |= lf_str_is(line, "CGO_ENABLED=1");
		for (size_t i = 0; i < LF_ARRAY_LEN(experiments); i++)
			fips |= lf_str_is(line, experiments[i]);
	}
	if (!cgo || !fips)
		return;
	lf_strv_add(&s->runtime, "openssl-config-fipshardened");
	lf_strv_add(&s->runtime, "so:libcrypto.so.3");
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	struct lf_scan *s = data;
	const struct lf_node *file = n;
	struct lf_elf elf;
	bool is_elf;

	if (!scan_link(s, n, path, err))
		return false;
	if (n->type == LF_NODE_SYMLINK)
		file = lf_scan_follow(s->tree, n->parent, n->link);
	if (!file)
		return true;
	if (!lf_node_elf(file, &scratch, &elf, &is_elf, err))
		return false;
	if (!is_elf)
		return true;
	scan_interp(s, &elf, path);
	if (!scan_needed(s, &elf, path, err))
		return false;
	scan_soname(s, &elf, path);
	scan_go(s, &elf);
	return true;
}

bool lf_scan_shlib(struct lf_scan *s, struct lf_err *err)
{
	return lf_tree_walk(s->tree, visit, s, err);
}

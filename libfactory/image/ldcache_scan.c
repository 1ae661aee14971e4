/*
 * The libraries of one directory for /etc/ld.so.cache: shared ELF objects whose name is their
 * soname (or the development name of it). The file images are mapped where they lie, so that only
 * the pages libelf looks at are read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/ldcache.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/vec.h"
#include "codec/elf.h"
#include "base/banned.h"

static bool is_candidate(const char *name)
{
	return (lf_starts(name, "lib") || lf_starts(name, "ld-")) &&
	       (lf_ends(name, ".so") || strstr(name, ".so."));
}

static const struct {
	uint16_t machine;
	uint32_t flags; /* 0: not known to the cache */
	const char *name;
} machines[] = {
	{EM_X86_64, 0x0303, "EM_X86_64"},
	{EM_AARCH64, 0x0a03, "EM_AARCH64"},
	{EM_386, 0, "EM_386"},
	{EM_ARM, 0, "EM_ARM"},
	{EM_MIPS, 0, "EM_MIPS"},
	{EM_PPC, 0, "EM_PPC"},
	{EM_PPC64, 0, "EM_PPC64"},
	{EM_S390, 0, "EM_S390"},
	{EM_RISCV, 0, "EM_RISCV"},
	{258, 0, "EM_LOONGARCH"},
	{EM_SPARC, 0, "EM_SPARC"},
	{EM_SPARCV9, 0, "EM_SPARCV9"},
};

static bool machine_flags(uint16_t machine, const char *path, uint32_t *ret, struct lf_err *err)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(machines); i++) {
		if (machines[i].machine != machine)
			continue;
		*ret = machines[i].flags;
		if (*ret)
			return true;
		return lf_fail_new(err, LF_E_CONFIG, "%s: unknown machine type %s", path,
				   machines[i].name);
	}
	return lf_fail_new(err, LF_E_CONFIG, "%s: unknown machine type %u", path, machine);
}

static bool read_elf(struct lf_arena *arena, const struct lf_node *n, struct lf_elf *ret,
		     bool *ret_is_elf, struct lf_err *err)
{
	const struct lf_blob *b = n->blob;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), skip = n->offset % page;

	*ret_is_elf = false;
	if (n->size < sizeof(Elf32_Ehdr))
		return true;
	if (b->mem)
		return lf_elf_read_mem(b->mem + n->offset, n->size, arena, ret, ret_is_elf, err);
	uint8_t *map = mmap(NULL, n->size + skip, PROT_READ, MAP_PRIVATE, b->fd,
			    (off_t)(n->offset - skip));

	if (map == MAP_FAILED)
		return lf_fail_errno(err, "mapping %s", n->name);
	bool ok = lf_elf_read_mem(map + skip, n->size, arena, ret, ret_is_elf, err);

	munmap(map, n->size + skip);
	return ok;
}

/* "libz.so.1" and "libz.so" for the soname libz.so.1. */
static bool goes_by(const char *name, const char *soname)
{
	const char *so = strstr(soname, ".so");
	size_t stem = so ? (size_t)(so - soname) : strlen(soname);

	if (strcmp(name, soname) == 0)
		return true;
	return strlen(name) == stem + 3 && strncmp(name, soname, stem) == 0 && lf_ends(name, ".so");
}

static bool has_soname(const struct lf_elf *elf, const char *name)
{
	if (elf->soname.n == 0)
		return lf_ends(name, ".so");
	for (size_t i = 0; i < elf->soname.n; i++)
		if (goes_by(name, elf->soname.v[i]))
			return true;
	return false;
}

static bool scan_file(struct lf_image *img, const char *path, const char *name,
		      struct lf_ldcache_list *list, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	const struct lf_node *n = lf_tree_find(img->tree, path, true);
	struct lf_elf elf;
	bool is_elf;
	uint32_t flags;

	n = n ? lf_node_content(n) : NULL;
	if (!n || n->type != LF_NODE_FILE)
		return true;
	if (!read_elf(&arena, n, &elf, &is_elf, err))
		return lf_fail(err, "%s", path);
	if (!is_elf || elf.type != ET_DYN)
		return true;
	/* Go's path of an io/fs has no leading slash. */
	if (!machine_flags(elf.machine, path + strspn(path, "/"), &flags, err))
		return false;
	if (has_soname(&elf, name))
		lf_vec_push(list,
			    (struct lf_ldcache_entry){.path = path, .name = name, .flags = flags});
	return true;
}

bool lf_ldcache_scan(struct lf_image *img, const char *dir, struct lf_ldcache_list *list,
		     struct lf_err *err)
{
	struct lf_node *d = lf_tree_find(img->tree, dir, true);

	if (!d || d->type != LF_NODE_DIR)
		return true;
	lf_node_sort(d);
	for (const struct lf_node *c = d->child; c; c = c->next) {
		if (!is_candidate(c->name))
			continue;
		const char *path = lf_arena_printf(&img->arena, "%s%s/%s", dir[0] == '/' ? "" : "/",
						   dir, c->name);

		if (!scan_file(img, path, c->name, list, err))
			return false;
	}
	return true;
}

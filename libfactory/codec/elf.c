/*
 * ELF, read only. libelf finds headers, sections and segments and checks their bounds; this
 * collects names. As Go's debug/elf does, dynamic entries are taken from the section of type
 * SHT_DYNAMIC: a file without section headers has none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/elf.h"

#include <gelf.h>
#include <libelf.h>

#include "codec/elf_go.h"

#include "base/banned.h"

#define MAX_NAMES 65536
#define MAX_NAME  4096

/* Moves the array of a list into the arena. */
static struct lf_strv settle(struct lf_strv *v, struct lf_arena *arena)
{
	struct lf_strv kept = {.n = v->n, .cap = v->n};

	kept.v = lf_new_n(arena, const char *, v->n);
	if (v->n)
		memcpy(kept.v, v->v, v->n * sizeof(*v->v));
	return kept;
}

/* A string of a string section, if it ends within it. */
static const char *string_at(Elf *elf, size_t section, size_t offset)
{
	const char *s = elf_strptr(elf, section, offset);

	return s && strnlen(s, MAX_NAME) < MAX_NAME ? s : NULL;
}

static bool read_header(Elf *elf, struct lf_elf *e)
{
	GElf_Ehdr h;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &h))
		return false;
	e->type = h.e_type;
	e->machine = h.e_machine;
	e->class = h.e_ident[EI_CLASS];
	return true;
}

static bool read_interp(Elf *elf, struct lf_arena *arena, struct lf_elf *e)
{
	size_t n;

	if (elf_getphdrnum(elf, &n) != 0)
		return false;
	for (size_t i = 0; i < n && i < MAX_NAMES; i++) {
		GElf_Phdr h;
		Elf_Data *d;

		if (!gelf_getphdr(elf, (int)i, &h))
			return false;
		if (h.p_type != PT_INTERP || e->interp)
			continue;
		if (h.p_filesz > MAX_NAME)
			return false;
		d = elf_getdata_rawchunk(elf, (int64_t)h.p_offset, h.p_filesz, ELF_T_BYTE);
		if (!d || !d->d_buf)
			return false;
		e->interp = lf_arena_dup(arena, d->d_buf, strnlen(d->d_buf, d->d_size));
	}
	return true;
}

static bool read_dynamic(Elf *elf, Elf_Scn *scn, const GElf_Shdr *h, struct lf_arena *arena,
			 struct lf_elf *e)
{
	lf_auto_strv needed = {0}, soname = {0};
	Elf_Data *d = elf_getdata(scn, NULL);
	GElf_Dyn dyn;

	if (!d)
		return false;
	for (int i = 0; i < MAX_NAMES && gelf_getdyn(d, i, &dyn) && dyn.d_tag != DT_NULL; i++) {
		const char *s;

		if (dyn.d_tag != DT_NEEDED && dyn.d_tag != DT_SONAME)
			continue;
		s = string_at(elf, h->sh_link, dyn.d_un.d_val);
		if (s)
			lf_strv_add(dyn.d_tag == DT_NEEDED ? &needed : &soname,
				    lf_arena_strdup(arena, s));
	}
	e->needed = settle(&needed, arena);
	e->soname = settle(&soname, arena);
	return true;
}

static bool read_section(Elf *elf, Elf_Scn *scn, size_t names, struct lf_arena *arena,
			 struct lf_elf *e, struct lf_strv *sections)
{
	GElf_Shdr h;
	const char *name;

	if (!gelf_getshdr(scn, &h))
		return false;
	name = string_at(elf, names, h.sh_name);
	if (!name)
		return false;
	lf_strv_add(sections, lf_arena_strdup(arena, name));
	if (h.sh_type == SHT_DYNAMIC && !e->needed.v)
		return read_dynamic(elf, scn, &h, arena, e);
	if (strcmp(name, ".go.buildinfo") == 0)
		e->go_buildinfo = lf_elf_go_settings(elf, scn, arena);
	return true;
}

static bool read_sections(Elf *elf, struct lf_arena *arena, struct lf_elf *e)
{
	lf_auto_strv sections = {0};
	GElf_Ehdr h;
	size_t names, n;

	if (elf_getshdrnum(elf, &n) != 0 || !gelf_getehdr(elf, &h))
		return false;
	if (!n) /* libelf also says none when the table is cut off */
		return !h.e_shnum;
	if (n > MAX_NAMES || elf_getshdrstrndx(elf, &names) != 0)
		return false;
	for (size_t i = 1; i < n; i++) {
		Elf_Scn *scn = elf_getscn(elf, i);

		if (!scn || !read_section(elf, scn, names, arena, e, &sections))
			return false;
	}
	e->sections = settle(&sections, arena);
	return true;
}

static void read_elf(Elf *elf, struct lf_arena *arena, struct lf_elf *ret, bool *ret_is_elf)
{
	struct lf_elf e = {.go_buildinfo = LF_STR("")};

	*ret_is_elf = elf && read_header(elf, &e) && read_interp(elf, arena, &e) &&
		      read_sections(elf, arena, &e);
	if (*ret_is_elf)
		*ret = e;
	elf_end(elf);
}

static bool start(struct lf_err *err)
{
	if (elf_version(EV_CURRENT) == EV_NONE)
		return lf_fail_new(err, LF_E_BUG, "libelf is too old: %s", elf_errmsg(-1));
	return true;
}

bool lf_elf_read(int fd, struct lf_arena *arena, struct lf_elf *ret, bool *ret_is_elf,
		 struct lf_err *err)
{
	if (!start(err))
		return false;
	read_elf(elf_begin(fd, ELF_C_READ, NULL), arena, ret, ret_is_elf);
	return true;
}

bool lf_elf_read_mem(const void *p, size_t n, struct lf_arena *arena, struct lf_elf *ret,
		     bool *ret_is_elf, struct lf_err *err)
{
	if (!start(err))
		return false;
	/* libelf only reads the image that it asks for as char *. */
	read_elf(n ? elf_memory((char *)p, n) : NULL, arena, ret, ret_is_elf);
	return true;
}

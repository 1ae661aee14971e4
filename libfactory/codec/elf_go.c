/*
 * Go's build information: a magic, then either two counted strings in place (since Go 1.18), or two
 * pointers to string headers elsewhere in the file. The second string is the module text between
 * two 16-byte sentinels. upstream: Go debug/buildinfo.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/elf_go.h"

#include <gelf.h>

#include "base/banned.h"

#define HEADER          32
#define MAX_TEXT        (1u << 20)
#define INLINE          2
#define BIG_ENDIAN_FLAG 1
#define SENTINEL        16

static const struct lf_str none = {"", 0};

/* A counted string off the front of *s: a varint length, then the bytes. */
static bool take_string(struct lf_str *s, struct lf_str *ret)
{
	uint64_t n = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		unsigned char c;

		if (!s->n)
			return false;
		c = (unsigned char)*s->p;
		*s = lf_str_sub(*s, 1, s->n);
		n |= (uint64_t)(c & 0x7f) << shift;
		if (c & 0x80)
			continue;
		if (n > s->n)
			return false;
		*ret = lf_str_sub(*s, 0, n);
		*s = lf_str_sub(*s, n, s->n);
		return true;
	}
	return false;
}

static uint64_t number_at(const unsigned char *p, size_t size, bool big)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | p[big ? i : size - 1 - i];
	return v;
}

/* n bytes at a virtual address, through the segments. */
static struct lf_str at_address(Elf *elf, uint64_t address, uint64_t n)
{
	size_t count;

	if (n > MAX_TEXT || elf_getphdrnum(elf, &count) != 0)
		return none;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr h;
		Elf_Data *d;

		if (!gelf_getphdr(elf, (int)i, &h))
			return none;
		if (h.p_type != PT_LOAD || address < h.p_vaddr ||
		    address - h.p_vaddr > h.p_filesz || n > h.p_filesz - (address - h.p_vaddr))
			continue;
		d = elf_getdata_rawchunk(elf, (int64_t)(h.p_offset + (address - h.p_vaddr)), n,
					 ELF_T_BYTE);
		return d && d->d_buf ? (struct lf_str){d->d_buf, d->d_size} : none;
	}
	return none;
}

static struct lf_str string_behind(Elf *elf, const unsigned char *pointer, size_t size, bool big)
{
	struct lf_str header = at_address(elf, number_at(pointer, size, big), 2 * size);
	const unsigned char *p = (const unsigned char *)header.p;

	if (header.n != 2 * size)
		return none;
	return at_address(elf, number_at(p, size, big), number_at(p + size, size, big));
}

static struct lf_str module_text(Elf *elf, struct lf_str section)
{
	const unsigned char *p = (const unsigned char *)section.p;
	struct lf_str rest, version, module = none;
	size_t size = p[14];

	if (p[15] & INLINE) {
		rest = lf_str_sub(section, HEADER, section.n);
		return take_string(&rest, &version) && take_string(&rest, &module) ? module : none;
	}
	if (size != 4 && size != 8)
		return none;
	return string_behind(elf, p + 16 + size, size, p[15] & BIG_ENDIAN_FLAG);
}

struct lf_str lf_elf_go_settings(Elf *elf, Elf_Scn *buildinfo, struct lf_arena *arena)
{
	static const char magic[] = "\xff Go buildinf:";
	Elf_Data *d = elf_rawdata(buildinfo, NULL);
	struct lf_str s;

	if (!d || !d->d_buf || d->d_size < HEADER || d->d_size > MAX_TEXT)
		return none;
	if (memcmp(d->d_buf, magic, sizeof(magic) - 1) != 0)
		return none;
	s = module_text(elf, (struct lf_str){d->d_buf, d->d_size});
	if (s.n <= 2 * SENTINEL || s.p[s.n - SENTINEL - 1] != '\n')
		return none;
	s = lf_str_sub(s, SENTINEL, s.n - SENTINEL);
	return (struct lf_str){lf_arena_str(arena, s), s.n};
}

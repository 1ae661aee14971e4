/*
 * Where the version stands. Image: behind the boot header's pointer; or after "Linux version " in
 * what the first gzip stream in it holds; or in the plain bytes; a unified image keeps its kernel
 * in the PE section ".linux". Module: after "vermagic=". Compressed files are searched as they
 * unpack, never held as a whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/kernel_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/stream.h"
#include "codec/unpack.h"

#include "base/banned.h"

#define PIECE        (256 * 1024)
#define LONGEST_TEXT 4096
#define MAX_UNPACKED (2ull << 30)
#define GZIP_MAGIC   "\x1f\x8b\x08"
#define IMAGE_MARK   "Linux version "
#define MODULE_MARK  "vermagic="

/* What a version may hold at the front of a text. */
static const char *version_of(struct lf_str text, struct lf_arena *arena)
{
	size_t n = 0;

	text = lf_str_trim(text);
	while (n < text.n &&
	       ((text.p[n] >= '0' && text.p[n] <= '9') || (text.p[n] >= 'A' && text.p[n] <= 'Z') ||
		(text.p[n] >= 'a' && text.p[n] <= 'z') || (text.p[n] && strchr(".-_", text.p[n]))))
		n++;
	return lf_arena_str(arena, lf_str_sub(text, 0, n));
}

/* Up to a NUL or line feed. */
static struct lf_str text_at(struct lf_str bytes, size_t at)
{
	size_t end = at;

	while (end < bytes.n && end - at < LONGEST_TEXT && bytes.p[end] && bytes.p[end] != '\n')
		end++;
	return lf_str_sub(bytes, at, end);
}

static const char *find_after(struct lf_str bytes, struct lf_str mark, struct lf_arena *arena)
{
	ptrdiff_t at = lf_str_search(bytes, mark);

	return at < 0 ? "" : version_of(text_at(bytes, (size_t)at + mark.n), arena);
}

/* The same over a stream: each piece keeps the end of the former one in front. */
static const char *find_in_stream(struct lf_reader *r, struct lf_str mark, struct lf_arena *arena)
{
	lf_auto_buf window = {0};
	uint64_t total = 0;
	ssize_t n = 1;

	while (n > 0 && total < MAX_UNPACKED) {
		size_t room = PIECE, keep = mark.n + LONGEST_TEXT;
		ptrdiff_t at;

		if (window.n > keep) {
			memmove(window.p, window.p + window.n - keep, keep);
			window.n = keep;
		}
		lf_buf_reserve(&window, room);
		n = lf_read(r, window.p + window.n, room, NULL);
		if (n > 0) {
			window.n += (size_t)n;
			total += (size_t)n;
		}
		at = lf_str_search(lf_buf_view(&window), mark);
		/* Wait for the whole text behind the mark, unless this is the end. */
		if (at >= 0 && (n <= 0 || window.n - (size_t)at >= keep))
			return find_after(lf_buf_view(&window), mark, arena);
	}
	return "";
}

/* NULL when the bytes are not compressed. */
static const char *find_packed(struct lf_str bytes, struct lf_str mark, struct lf_arena *arena)
{
	lf_auto_reader *r = lf_unpack_mem(bytes.p, bytes.n);

	return r ? find_in_stream(r, mark, arena) : NULL;
}

static uint32_t number_at(struct lf_str s, size_t at, size_t size)
{
	uint32_t v = 0;

	for (size_t i = 0; i < size; i++)
		v |= (uint32_t)(unsigned char)s.p[at + i] << (8 * i);
	return v;
}

/* The section ".linux" of a PE file; the file itself when there is none. */
static struct lf_str unwrap_pe(struct lf_str s)
{
	static const char name[8] = ".linux";
	size_t header, sections, n;

	if (s.n < 64 || !lf_str_starts(s, "MZ"))
		return s;
	header = number_at(s, 60, 4);
	if (header > s.n || s.n - header < 24 || memcmp(s.p + header, "PE\0\0", 4) != 0)
		return s;
	n = number_at(s, header + 6, 2);
	sections = header + 24 + number_at(s, header + 20, 2);
	for (size_t i = 0; i < n && sections + 40 <= s.n; i++, sections += 40) {
		size_t size, at;

		if (memcmp(s.p + sections, name, sizeof(name)) != 0)
			continue;
		size = number_at(s, sections + 16, 4);
		at = number_at(s, sections + 20, 4);
		return at <= s.n ? lf_str_sub(s, at, at + size) : s;
	}
	return s;
}

/* The boot protocol: "HdrS" at 514, and at 526 where the version text stands, less 0x200. */
static const char *boot_header_version(struct lf_str s, struct lf_arena *arena)
{
	if (s.n < 528 || memcmp(s.p + 514, "HdrS", 4) != 0)
		return "";
	return version_of(text_at(s, number_at(s, 526, 2) + 0x200), arena);
}

const char *lf_kernel_image_version(struct lf_str bytes, struct lf_arena *arena)
{
	const struct lf_str mark = LF_STR(IMAGE_MARK);
	const char *version;
	ptrdiff_t at;

	if (lf_str_starts(bytes, GZIP_MAGIC)) {
		version = find_packed(bytes, mark, arena);
		return version ? version : "";
	}
	bytes = unwrap_pe(bytes);
	version = boot_header_version(bytes, arena);
	at = *version ? -1 : lf_str_search(bytes, LF_STR(GZIP_MAGIC));
	if (at >= 0) {
		version = find_packed(lf_str_sub(bytes, (size_t)at, bytes.n), mark, arena);
		version = version ? version : "";
	}
	return *version ? version : find_after(bytes, mark, arena);
}

const char *lf_kernel_module_version(struct lf_str bytes, struct lf_arena *arena)
{
	const char *packed = find_packed(bytes, LF_STR(MODULE_MARK), arena);

	return packed ? packed : find_after(bytes, LF_STR(MODULE_MARK), arena);
}

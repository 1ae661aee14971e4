/*
 * Is an object in a git repository: loose, in a pack (index version 2), or, when the repository
 * borrows from others, taken on trust.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/git.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

#define ID          20
#define FANOUT      (256 * 4)
#define INDEX_MAGIC "\377tOc\0\0\0\2"

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Ids are sorted; the fanout says how many begin with a byte up to each value. */
static bool index_has(const uint8_t *p, size_t size, const uint8_t id[ID])
{
	const uint8_t *fanout = p + 8, *ids = p + 8 + FANOUT;
	size_t low, high;

	if (size < 8 + FANOUT || memcmp(p, INDEX_MAGIC, 8) != 0)
		return false;
	low = id[0] ? be32(fanout + 4 * (id[0] - 1)) : 0;
	high = be32(fanout + 4 * id[0]);
	if (low > high || high > (size - 8 - FANOUT) / ID)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = memcmp(ids + middle * ID, id, ID);

		if (c == 0)
			return true;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool pack_has(const char *path, const uint8_t id[ID])
{
	lf_auto_fd fd = lf_open_read(path, NULL);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size <= 0)
		return false;
	uint8_t *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return false;
	bool has = index_has(p, (size_t)st.st_size, id);

	munmap(p, (size_t)st.st_size);
	return has;
}

static bool packs_have(const char *dir, const uint8_t id[ID])
{
	lf_auto_fd fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct lf_strv names = {0};
	bool has = false;

	if (fd < 0 || !lf_dir_names(fd, &names, NULL))
		return false;
	for (size_t i = 0; i < names.n && !has; i++) {
		lf_auto_free char *path = lf_path_join(dir, names.v[i]);

		has = lf_ends(path, ".idx") && pack_has(path, id);
	}
	lf_dir_names_fini(&names);
	return has;
}

bool lf_git_has_object(const char *git, const char *hex)
{
	lf_auto_arena arena = {0};
	uint8_t id[ID];

	/* Repositories with longer ids are too new to be told apart here. */
	if (!lf_unhex(lf_str(hex), id, ID))
		return true;
	return lf_exists(lf_arena_printf(&arena, "%s/objects/%.2s/%s", git, hex, hex + 2)) ||
	       lf_exists(lf_arena_printf(&arena, "%s/objects/info/alternates", git)) ||
	       packs_have(lf_arena_printf(&arena, "%s/objects/pack", git), id);
}

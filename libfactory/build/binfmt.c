/*
 * Can this machine run programs of another architecture? The kernel's list of foreign binary
 * formats
 * (/proc/sys/fs/binfmt_misc, kernel documentation "binfmt-misc") says for each handler the magic
 * bytes, whether it is enabled, its interpreter, and by flag F whether the interpreter was opened
 * beforehand, so that it also works in a guest that lacks it. In: the folder and two architectures;
 * out: how that architecture can run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>

#include "base/fs.h"
#include "base/str.h"
#include "base/stream.h"
#include "build/sandbox.h"

#include "base/banned.h"

struct machine {
	const char *arch;
	uint8_t class, data; /* ELFCLASS, ELFDATA */
	uint16_t machine;    /* e_machine */
};

static const struct machine machines[] = {
	{"aarch64", 2, 1, 183},     {"armhf", 1, 1, 40},   {"armv7", 1, 1, 40},
	{"loongarch64", 2, 1, 258}, {"ppc64le", 2, 1, 21}, {"riscv64", 2, 1, 243},
	{"s390x", 2, 2, 22},        {"x86", 1, 1, 3},      {"x86_64", 2, 1, 62},
};

static const struct machine *find_machine(const char *arch)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(machines); i++) {
		if (lf_str_is(lf_str(machines[i].arch), arch))
			return &machines[i];
	}
	return NULL;
}

struct handler {
	bool enabled, fixed;
	struct lf_str interpreter, magic; /* magic: hex of the first bytes */
	uint64_t offset;
};

static struct handler parse_handler(struct lf_str text)
{
	struct handler h = {0};
	struct lf_str line;

	while (lf_str_line(&text, &line)) {
		if (lf_str_is(line, "enabled"))
			h.enabled = true;
		else if (lf_str_skip(&line, "interpreter "))
			h.interpreter = line;
		else if (lf_str_skip(&line, "flags: "))
			h.fixed = lf_str_find(line, 'F') >= 0;
		else if (lf_str_skip(&line, "magic "))
			h.magic = line;
		else if (lf_str_skip(&line, "offset ") && !lf_str_u64(line, 10, &h.offset))
			h.enabled = false;
	}
	return h;
}

/* Does the handler's magic name this machine? It covers the ELF header up to e_machine at 18. */
static bool handles(const struct handler *h, const struct machine *m)
{
	uint8_t b[20];

	if (h->offset || h->magic.n < 2 * sizeof(b) ||
	    !lf_unhex(lf_str_sub(h->magic, 0, 2 * sizeof(b)), b, sizeof(b)))
		return false;
	uint16_t machine =
		m->data == 1 ? (uint16_t)(b[18] | b[19] << 8) : (uint16_t)(b[18] << 8 | b[19]);
	return !memcmp(b, "\177ELF", 4) && b[4] == m->class && b[5] == m->data &&
	       machine == m->machine;
}

static bool runs_natively(const char *arch, const char *host)
{
	return !strcmp(arch, host) || (!strcmp(arch, "x86") && !strcmp(host, "x86_64"));
}

static bool read_handler(int dir, const char *name, struct lf_buf *text)
{
	lf_auto_fd fd = lf_open_beneath(dir, name, O_RDONLY | O_CLOEXEC, 0, NULL);

	lf_buf_clear(text);
	if (fd < 0)
		return false;
	lf_auto_reader *r = lf_reader_fd(fd, false);
	return lf_read_all(r, 4096, text, NULL);
}

enum lf_binfmt lf_binfmt_find(const char *dir, const char *arch, const char *host_arch,
			      struct lf_arena *arena, const char **ret_interpreter)
{
	const struct machine *m = find_machine(arch);
	enum lf_binfmt found = LF_BINFMT_NONE;
	lf_auto_buf text = LF_BUF(4096);
	struct lf_strv names = {0};

	if (runs_natively(arch, host_arch))
		return LF_BINFMT_NATIVE;
	lf_auto_fd fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!m || fd < 0 || !read_handler(fd, "status", &text) || !lf_dir_names(fd, &names, NULL))
		return LF_BINFMT_UNKNOWN;
	for (size_t i = 0; i < names.n && found != LF_BINFMT_FIXED; i++) {
		if (!strcmp(names.v[i], "status") || !strcmp(names.v[i], "register") ||
		    !read_handler(fd, names.v[i], &text))
			continue;
		struct handler h = parse_handler(lf_buf_view(&text));
		if (!h.enabled || !handles(&h, m))
			continue;
		found = h.fixed ? LF_BINFMT_FIXED : LF_BINFMT_PATH;
		*ret_interpreter = lf_arena_str(arena, h.interpreter);
	}
	lf_dir_names_fini(&names);
	return found;
}

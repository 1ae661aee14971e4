/*
 * Linters that open binaries: made for a machine that is not supported, or with debug sections left
 * in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/elf_file.h"
#include "build/lint/lint.h"

#include "base/banned.h"

#define EM_X86_64_  62
#define EM_AARCH64_ 183

struct walker {
	struct lf_lint *lint;
	json_t *found;
	void (*look)(struct walker *w, const struct lf_elf *elf, const char *path);
};

/* As Go names ELF machines, in lower case. */
static const char *machine_name(struct lf_arena *arena, unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {
		{0, "none"},     {2, "sparc"},  {3, "386"},         {4, "68k"},     {8, "mips"},
		{20, "ppc"},     {21, "ppc64"}, {22, "s390"},       {40, "arm"},    {42, "sh"},
		{43, "sparcv9"}, {50, "ia_64"}, {83, "avr"},        {94, "xtensa"}, {190, "cuda"},
		{243, "riscv"},  {247, "bpf"},  {258, "loongarch"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return lf_arena_printf(arena, "%u", machine);
}

/* compat: the extension is what follows the last dot only, so of libraries with a version just the
 * executable ones are opened. */
static bool is_candidate(const struct lf_node *n, const char *path)
{
	const char *extension = strrchr(n->name, '.');

	if (!lf_lint_is_file(n) || lf_lint_below(path, LF_LINT_SBOM_DIR))
		return false;
	if (lf_node_content(n)->mode & 0111)
		return true;
	return extension && (lf_starts(extension, ".a") || lf_starts(extension, ".so") ||
			     lf_starts(extension, ".dylib"));
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	struct walker *w = data;
	struct lf_elf elf;
	bool is_elf;

	if (!is_candidate(n, path))
		return true;
	if (!lf_node_elf(n, &scratch, &elf, &is_elf, err))
		return false;
	if (is_elf)
		w->look(w, &elf, path);
	return true;
}

/* Makes the finding, with the details {"binaries": [...]}. */
static bool run(struct lf_lint *l,
		void (*look)(struct walker *, const struct lf_elf *, const char *),
		const char *what, const char *behind, struct lf_err *err)
{
	lf_auto_json *found = json_array();
	struct walker w = {l, found, look};
	size_t n;

	if (!lf_tree_walk(l->out->tree, visit, &w, err))
		return false;
	n = json_array_size(found);
	if (!n)
		return true;
	lf_buf_printf(&l->message, "%s contains %zu %s%s%s", l->name, n, what,
		      n == 1 ? "binary" : "binaries", behind);
	l->details = json_object();
	lf_json_set(l->details, "binaries", json_incref(found));
	return true;
}

static void look_at_machine(struct walker *w, const struct lf_elf *elf, const char *path)
{
	const char *name;
	json_t *binary;

	if (elf->machine == EM_X86_64_ || elf->machine == EM_AARCH64_)
		return;
	name = machine_name(w->lint->arena, elf->machine);
	binary = json_object();
	lf_json_set_str(binary, "path", path);
	lf_json_set_str(binary, "arch", name);
	json_array_append_new(w->found, binary);
	lf_lint_item(w->lint, "%s (%s)", path, name);
}

bool lf_lint_binaryarch(struct lf_lint *l, struct lf_err *err)
{
	return run(l, look_at_machine, "", " compiled for unsupported architecture(s)", err);
}

/* compat: only sections of exactly these names, which compilers do not make, count as debug
 * information. */
static void look_at_sections(struct walker *w, const struct lf_elf *elf, const char *path)
{
	if (!lf_strv_has(&elf->sections, ".debug") && !lf_strv_has(&elf->sections, ".zdebug"))
		return;
	json_array_append_new(w->found, lf_json_text(lf_str(path)));
	lf_lint_item(w->lint, "%s", path);
}

bool lf_lint_strip(struct lf_lint *l, struct lf_err *err)
{
	return run(l, look_at_sections, "unstripped ", "", err);
}

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
	/* what is said of one that begins as ELF and is none, and ends the search; or NULL */
	void (*broken)(struct walker *w, const struct lf_node *n, const char *path);
	bool stop;
};

/* What the linter calls a machine: a word for common ones, otherwise the name of the constant. */
static const char *machine_name(struct lf_arena *arena, unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {
		{0, "unknown (EM_NONE)"},
		{2, "unknown (EM_SPARC)"},
		{3, "i386"},
		{4, "unknown (EM_68K)"},
		{8, "mips"},
		{15, "unknown (EM_PARISC)"},
		{18, "unknown (EM_SPARC32PLUS)"},
		{20, "unknown (EM_PPC)"},
		{21, "ppc64"},
		{22, "s390"},
		{40, "arm"},
		{42, "unknown (EM_SH)"},
		{43, "unknown (EM_SPARCV9)"},
		{50, "unknown (EM_IA_64)"},
		{83, "unknown (EM_AVR)"},
		{94, "unknown (EM_XTENSA)"},
		{190, "unknown (EM_CUDA)"},
		{224, "unknown (EM_AMDGPU)"},
		{243, "riscv"},
		{247, "unknown (EM_BPF)"},
		{258, "unknown (EM_LOONGARCH)"},
	};

	for (size_t k = 0; k < LF_ARRAY_LEN(names); k++)
		if (names[k].machine == machine)
			return names[k].name;
	return lf_arena_printf(arena, "unknown (%u)", machine);
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

static bool has_magic(const struct lf_node *node, bool *ret, struct lf_err *err)
{
	const struct lf_node *n = lf_node_content(node);
	char magic[4];

	*ret = false;
	if (n->type != LF_NODE_FILE || !n->blob || n->size < sizeof(magic))
		return true;
	if (!lf_blob_read(n->blob, n->offset, magic, sizeof(magic), err))
		return false;
	*ret = memcmp(magic, "\177ELF", sizeof(magic)) == 0;
	return true;
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	struct walker *w = data;
	struct lf_elf elf;
	bool is_elf;

	if (w->stop || !is_candidate(n, path))
		return true;
	if (!lf_node_elf(n, &scratch, &elf, &is_elf, err))
		return false;
	if (is_elf)
		w->look(w, &elf, path);
	else if (w->broken && !has_magic(n, &w->stop, err))
		return false;
	if (w->stop)
		w->broken(w, n, path);
	return true;
}

/* Makes the finding, with the details {"binaries": [...]}. */
static bool run(struct walker *w, const char *what, const char *behind, struct lf_err *err)
{
	lf_auto_json *found = json_array();
	struct lf_lint *l = w->lint;
	size_t n;

	w->found = found;
	if (!lf_tree_walk(l->out->tree, visit, w, err))
		return false;
	n = json_array_size(found);
	if (!n || w->stop)
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
	struct walker w = {.lint = l, .look = look_at_machine};

	return run(&w, "", " compiled for unsupported architecture(s)", err);
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

/* The one finding then, without details. */
static void tell_broken(struct walker *w, const struct lf_node *n, const char *path)
{
	lf_strv_fini(&w->lint->items);
	lf_buf_printf(&w->lint->message, "could not open file \"%s\" as executable: %s", path,
		      lf_node_content(n)->size < 64 ? "EOF" : "its headers are broken");
}

bool lf_lint_strip(struct lf_lint *l, struct lf_err *err)
{
	struct walker w = {.lint = l, .look = look_at_sections, .broken = tell_broken};

	return run(&w, "unstripped ", "", err);
}

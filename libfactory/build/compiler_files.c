/*
 * Files in the workspace that make compilers record in every ELF file which package it was built
 * for (the ELF package metadata note): a gcc spec file, a clang configuration with its per-version
 * includes, and a C header for objects that no linker option reaches. In: the metadata text; out:
 * the files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/fs.h"
#include "build/workspace.h"

#include "base/banned.h"

#define CLANG_FIRST 15
#define CLANG_LAST  42

static bool write_text(const char *workspace, const char *name, const struct lf_buf *text,
		       struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(workspace, name);

	return lf_write_file(path, lf_buf_c(text), text->n, 0644, err);
}

static bool write_gcc(const char *workspace, const char *metadata, struct lf_err *err)
{
	lf_auto_buf b = {0};

	lf_buf_printf(&b, "*link:\n+ %%{!r:--package-metadata=%s}\n\n", metadata);
	return write_text(workspace, ".melange.gcc.spec", &b, err);
}

static bool write_clang_include(const char *workspace, unsigned version, const char *arch,
				const char *driver, struct lf_err *err)
{
	lf_auto_buf path = {0}, text = {0};

	lf_buf_printf(&path, ".config/clang-%u/%s-unknown-linux-gnu-%s.cfg", version, arch, driver);
	lf_buf_printf(&text,
		      "@../../.melange.clang.cfg\n@/etc/clang-%u/%s-unknown-linux-gnu-%s.cfg\n",
		      version, arch, driver);
	return write_text(workspace, lf_buf_c(&path), &text, err);
}

static bool write_clang_version(const char *workspace, unsigned version, struct lf_err *err)
{
	lf_auto_buf dir = {0};

	lf_buf_printf(&dir, "%s/.config/clang-%u", workspace, version);
	return lf_mkdirs(lf_buf_c(&dir), 0755, err) &&
	       write_clang_include(workspace, version, "aarch64", "clang", err) &&
	       write_clang_include(workspace, version, "aarch64", "clang++", err) &&
	       write_clang_include(workspace, version, "x86_64", "clang", err) &&
	       write_clang_include(workspace, version, "x86_64", "clang++", err);
}

static bool write_clang(const char *workspace, const char *metadata, struct lf_err *err)
{
	lf_auto_buf b = {0};

	lf_buf_printf(&b, "-Xlinker --package-metadata='%s'\n", metadata);
	if (!write_text(workspace, ".melange.clang.cfg", &b, err))
		return false;
	for (unsigned v = CLANG_FIRST; v <= CLANG_LAST; v++) {
		if (!write_clang_version(workspace, v, err))
			return false;
	}
	return true;
}

static bool write_header(const char *workspace, const char *metadata, struct lf_err *err)
{
	lf_auto_buf b = {0};
	/* The descriptor is padded to a multiple of four with NULs, as a note must be. */
	size_t n = (strlen(metadata) + 1 + 3) / 4 * 4;

	lf_buf_puts(&b, "/* Package metadata as an ELF note: include it in one source file of a "
			"program. */\n"
			"#ifndef MELANGE_FDO_H\n#define MELANGE_FDO_H\n\n"
			"__attribute__((section(\".note.package\"), used, aligned(4)))\n"
			"static const struct {\n"
			"\tunsigned int name_size, desc_size, type;\n"
			"\tchar name[4];\n");
	lf_buf_printf(
		&b,
		"\tchar desc[%zu];\n} melange_fdo_note = {\n\t4, %zu, 0xcafe1a7e, \"FDO\",\n\t\"",
		n, n);
	for (const char *p = metadata; *p; p++) {
		if (*p == '"' || *p == '\\')
			lf_buf_putc(&b, '\\');
		lf_buf_putc(&b, *p);
	}
	lf_buf_puts(&b, "\"\n};\n\n#endif\n");
	return write_text(workspace, ".melange.fdo.h", &b, err);
}

bool lf_workspace_write_compiler_files(const char *workspace, const char *metadata,
				       struct lf_err *err)
{
	return (write_gcc(workspace, metadata, err) && write_clang(workspace, metadata, err) &&
		write_header(workspace, metadata, err)) ||
	       lf_fail(err, "writing the compiler configuration");
}

static void add_cpe_field(struct lf_buf *b, const char *field)
{
	lf_buf_printf(b, ":%s", *field ? field : "*");
}

static void add_cpe(struct lf_buf *b, const struct lf_cpe *c, const char *version)
{
	lf_buf_printf(b, "cpe:2.3:%s", *c->part ? c->part : "a");
	add_cpe_field(b, c->vendor);
	add_cpe_field(b, c->product);
	add_cpe_field(b, version);
	lf_buf_puts(b, ":*");
	add_cpe_field(b, c->edition);
	add_cpe_field(b, c->language);
	add_cpe_field(b, c->sw_edition);
	add_cpe_field(b, c->target_sw);
	add_cpe_field(b, c->target_hw);
	add_cpe_field(b, c->other);
}

const char *lf_package_metadata(const struct lf_recipe *r, const char *full_version,
				const char *namespace, const char *arch, struct lf_arena *arena)
{
	lf_auto_buf b = {0};

	lf_buf_printf(&b,
		      "{\"type\":\"apk\",\"os\":\"%s\",\"name\":\"%s\",\"version\":\"%s\","
		      "\"architecture\":\"%s\"",
		      namespace, r->package.unit.name, full_version, arch);
	if (*r->package.cpe.vendor) {
		lf_buf_puts(&b, ",\"appCpe\":\"");
		add_cpe(&b, &r->package.cpe, r->package.version);
		lf_buf_putc(&b, '"');
	}
	lf_buf_putc(&b, '}');
	return lf_arena_str(arena, lf_buf_view(&b));
}

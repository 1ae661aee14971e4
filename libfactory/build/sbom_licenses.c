/*
 * The licenses of a package as its SBOM declares them: one expression, and the texts that belong to
 * it. In: `copyright:` and the workspace, where license files may lie; out: parts of a document.
 * docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/sbom.h"
#include "sbom/license.h"

#include "base/banned.h"

#define MAX_LICENSE_FILE (16 << 20)

static const char *license_id(struct lf_sbom *s, const char *text)
{
	return lf_license_is_valid(lf_str(text)) ? text : lf_license_ref(s->arena, lf_str(text));
}

/* The steps made this tree: links may not lead out of it, and what is no file may not block. */
static bool read_file(struct lf_sbom *s, const char *workspace, const char *path, const char **ret,
		      struct lf_err *err)
{
	lf_auto_fd root = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	lf_auto_fd fd = -1;
	lf_auto_buf text = {0};
	struct stat st;

	if (root < 0)
		return lf_fail_errno(err, "open %s", workspace);
	fd = lf_open_in_root(root, path, O_RDONLY | O_NONBLOCK, 0, err);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return lf_fail_new(err, LF_E_IO, "read %s: is not a regular file", path);
	lf_auto_reader *r = lf_reader_fd(fd, false);

	if (!lf_read_all(r, MAX_LICENSE_FILE, &text, err))
		return false;
	*ret = lf_arena_str(s->arena, lf_buf_view(&text));
	return true;
}

static bool add_text(struct lf_sbom *s, const struct lf_copyright *c, bool warn,
		     const char *workspace, struct lf_err *err)
{
	const char *id = license_id(s, c->license), *text = "";

	if (c->license_path && *c->license_path) {
		if (!read_file(s, workspace, c->license_path, &text, err))
			return lf_fail(err, "failed to read licensepath %s", c->license_path);
	} else if (id != c->license) {
		if (warn)
			lf_warn(s->in->ctx,
				"non-SPDX license \"%s\" used without license-path; consider "
				"adding "
				"license-path with full license text for SBOM compliance",
				c->license);
		text = lf_arena_printf(s->arena, "Non-SPDX License: %s", c->license);
	} else {
		return true;
	}
	if (!lf_spdx_has_license(&s->doc, id))
		lf_spdx_add_license(&s->doc, id, text);
	return true;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct lf_spdx_license *)a)->id,
		      ((const struct lf_spdx_license *)b)->id);
}

bool lf_sbom_licenses(struct lf_sbom *s, bool warn, const char *workspace, struct lf_err *err)
{
	const struct lf_recipe_package *p = &s->in->recipe->package;
	lf_auto_buf all = {0};

	for (size_t i = 0; i < p->copyright.n; i++) {
		const struct lf_copyright *c = &p->copyright.v[i];

		if (all.n)
			lf_buf_puts(&all, " AND ");
		lf_buf_puts(&all, license_id(s, c->license));
		if (!add_text(s, c, warn, workspace, err))
			return false;
	}
	if (s->doc.n_licenses)
		qsort(s->doc.license, s->doc.n_licenses, sizeof(*s->doc.license), by_id);
	s->license = lf_arena_str(s->arena, lf_buf_view(&all));
	return true;
}

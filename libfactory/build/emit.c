/*
 * One package file: scan results and a tree in, NAME-VERSION.apk out, by rename. The data section
 * goes to an unnamed file first, since the control section in front of it holds its digest; memory
 * use does not depend on the package's size. docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <unistd.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "build/build.h"
#include "build/emit_data.h"
#include "build/outputs.h"
#include "build/provenance.h"
#include "codec/gzip.h"
#include "trust/key.h"

#include "base/banned.h"

#define MAX_CONTROL_FILES 9

struct emitting {
	const struct lf_emit_input *in;
	const struct lf_output *out;
	const char *version; /* with -rN */
	struct lf_arena *arena;
	struct lf_data_section data;
	char datahash[2 * LF_SHA256_LEN + 1];
};

/* ---- control section ---- */

static void print_pkginfo(struct emitting *e, struct lf_buf *out)
{
	const struct lf_unit *unit = e->out->unit;
	const struct lf_emit_input *in = e->in;
	struct lf_pkginfo info;

	lf_output_pkginfo(in->recipe, e->out, e->arena, &info);
	info.arch = in->arch;
	info.maintainer = in->namespace;
	info.datahash = e->datahash;
	info.size = e->data.file_size + e->out->directory_size;
	info.build_date = in->source_date_epoch;
	info.commit = unit->commit && *unit->commit ? unit->commit : in->commit;
	if (in->strip_origin_name)
		info.origin = unit->name;
	lf_info(in->ctx, "  installed-size: %llu", (unsigned long long)info.size);
	lf_info(in->ctx, "  data.tar.gz digest: %s", e->datahash);
	lf_pkginfo_print(out, &info);
}

static void add_file(struct lf_apk_section_file *files, size_t *n, const char *name, uint32_t mode,
		     const char *text)
{
	if (text && *text)
		files[(*n)++] = (struct lf_apk_section_file){name, mode, lf_str(text)};
}

/* In byte order of the names. */
static void make_control(struct emitting *e, struct lf_buf *out)
{
	const struct lf_scriptlets *s = &e->out->unit->scriptlets;
	struct lf_apk_section_file files[MAX_CONTROL_FILES];
	lf_auto_buf pkginfo = {0};
	size_t n = 0;

	print_pkginfo(e, &pkginfo);
	add_file(files, &n, ".PKGINFO", 0644, lf_buf_c(&pkginfo));
	add_file(files, &n, ".melange.yaml", 0644, e->in->melange_yaml);
	add_file(files, &n, ".post-deinstall", 0755, s->post_deinstall);
	add_file(files, &n, ".post-install", 0755, s->post_install);
	add_file(files, &n, ".post-upgrade", 0755, s->post_upgrade);
	add_file(files, &n, ".pre-deinstall", 0755, s->pre_deinstall);
	add_file(files, &n, ".pre-install", 0755, s->pre_install);
	add_file(files, &n, ".pre-upgrade", 0755, s->pre_upgrade);
	add_file(files, &n, ".trigger", 0755, s->trigger_script);
	lf_apk_section(out, files, n, e->in->source_date_epoch, LF_GZIP_ZERO_TIME);
}

/* ---- files ---- */

/* Unnamed, on the file system of the outputs, so that joining can share blocks; elsewhere when that
 * cannot be. */
static int open_scratch(const char *dir, struct lf_err *err)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : lf_temp_file(err);
}

static bool copy_by_reading(int from, uint64_t n, int to, struct lf_err *err)
{
	lf_auto_reader *r = lf_reader_range(from, 0, n);
	struct lf_writer *w = lf_writer_fd(to, false);
	lf_auto_err second = {0};
	bool ok = lf_copy(r, w, NULL, err);
	bool closed = lf_writer_close(w, ok ? err : &second);

	return ok && closed;
}

/* The first n bytes of from, at the end of to. */
static bool append_file(int from, uint64_t n, int to, struct lf_err *err)
{
	off_t at = 0;

	while ((uint64_t)at < n) {
		ssize_t k = copy_file_range(from, &at, to, NULL, (size_t)(n - (uint64_t)at), 0);

		if (k > 0)
			continue;
		if (at == 0)
			return copy_by_reading(from, n, to, err);
		return k < 0 ? lf_fail_errno(err, "copy")
			     : lf_fail_new(err, LF_E_IO, "copy: unexpected end of file");
	}
	return true;
}

/* Digests the file: its head, and n bytes of the data. */
static bool digest_package(const struct lf_buf *head, int data, uint64_t n,
			   uint8_t ret[LF_SHA256_LEN], struct lf_err *err)
{
	lf_auto_reader *r = lf_reader_range(data, 0, n);
	struct lf_digest_writer d;
	bool ok;

	lf_digest_writer_init(&d, LF_SHA256, NULL);
	lf_digest_add(d.digest, head->p, head->n);
	ok = lf_copy(r, &d.w, NULL, err);
	if (ok)
		lf_digest_final(d.digest, ret);
	lf_digest_writer_fini(&d);
	return ok;
}

/* [signature] control, as bytes in front of the data. */
static bool make_head(struct emitting *e, struct lf_buf *out, struct lf_err *err)
{
	lf_auto_buf control = {0};

	make_control(e, &control);
	if (e->in->key && !lf_apk_signature(out, e->in->key, e->in->key_name, control.p, control.n,
					    e->in->source_date_epoch, err))
		return lf_fail(err, "unable to sign package");
	lf_buf_add(out, control.p, control.n);
	return true;
}

static bool write_package(struct emitting *e, int data, struct lf_err *err)
{
	const char *path = lf_arena_printf(e->arena, "%s/%s-%s.apk", e->in->out_dir,
					   e->out->unit->name, e->version);
	uint8_t sha256[LF_SHA256_LEN];
	lf_auto_buf head = {0};
	lf_auto_out file = {0};

	if (!make_head(e, &head, err) || !lf_out_open(&file, path, 0666, err) ||
	    !lf_write_all(file.fd, head.p, head.n, err) ||
	    !append_file(data, e->data.size, file.fd, err) || !lf_out_commit(&file, err))
		return lf_fail(err, "unable to write apk file");
	lf_info(e->in->ctx, "wrote %s", path);
	if (!e->in->generate_provenance)
		return true;
	return digest_package(&head, data, e->data.size, sha256, err) &&
	       lf_emit_provenance(e->in, e->out, e->datahash, sha256, e->arena, err);
}

bool lf_emit(const struct lf_emit_input *in, struct lf_output *out, struct lf_arena *arena,
	     struct lf_err *err)
{
	struct emitting e = {.in = in, .out = out, .arena = arena};
	lf_auto_fd data = open_scratch(in->out_dir, err);

	e.version = lf_recipe_full_version(in->recipe);
	if (data < 0)
		return false;
	if (!lf_emit_data(in->ctx, out->tree, in->source_date_epoch, in->names, in->faithful, data,
			  &e.data, err))
		return lf_fail(err, "unable to write data section");
	lf_hex(e.data.sha256, LF_SHA256_LEN, e.datahash);
	return write_package(&e, data, err);
}

/*
 * Packages into the tree, one after another in the solver's order, and then their records into the
 * database. Contents stay where the packages' data lies. What happens to one entry is in
 * install_entry.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/install.h"

#include "apk/installed.h"
#include "base/vec.h"
#include "codec/tar_list.h"
#include "base/banned.h"

/* ".PKGINFO" and the like at the top of old packages; a directory written with a final slash ends
 * them. */
static bool is_leading(const char *name)
{
	return name[0] == '.' && !strchr(name, '/');
}

static bool add_entry(struct lf_installing *in, const struct lf_tar_entry *e, bool *leading,
		      struct lf_err *err)
{
	*leading = *leading && is_leading(e->name);
	return *leading || lf_install_entry(in, e, err);
}

static bool add_from_list(struct lf_installing *in, struct lf_err *err)
{
	lf_auto_buf text = {0};
	bool leading = true, more = true;

	if (!lf_package_list(in->package, &text, err))
		return false;
	struct lf_tar_list list = {.rest = lf_buf_view(&text)};
	struct lf_tar_entry e;
	bool ok = true;

	while (ok && more) {
		ok = lf_tar_list_next(&list, &e, &more, err) &&
		     (!more || add_entry(in, &e, &leading, err));
	}
	lf_tar_list_fini(&list);
	return ok;
}

static bool add_from_tar(struct lf_installing *in, struct lf_err *err)
{
	const struct lf_blob *data = &in->package->data;
	lf_auto_reader *src = data->mem ? lf_reader_mem(data->mem, data->size)
					: lf_reader_range(data->fd, 0, data->size);
	struct lf_tar_in *tar = lf_tar_in_new(src, &in->img->arena);
	bool leading = true, more = true, ok = true;
	struct lf_tar_entry e;

	while (ok && more) {
		ok = lf_tar_next(tar, &e, &more, err) &&
		     (!more || add_entry(in, &e, &leading, err));
	}
	lf_tar_in_free(tar);
	return ok;
}

static bool add_files(struct lf_installing *in, struct lf_err *err)
{
	bool ok = in->package->list_size ? add_from_list(in, err) : add_from_tar(in, err);

	return ok || lf_fail(err, "unable to install files for pkg %s", in->package->apk.pkg.name);
}

static bool install_one(struct lf_installing *in, struct lf_err *err)
{
	const struct lf_pkg *p = &in->package->apk.pkg;

	lf_info(&in->img->ctx, "installing %s (%s)", p->name, p->version);
	if (add_files(in, err))
		return true;
	return lf_fail(err, "installing %s (ver:%s arch:%s)", p->name, p->version, p->arch);
}

/* A regular file belongs to one package only: the one it came from at the end. */
static void mark_lost(const struct lf_installing *in)
{
	for (size_t i = 0; i < in->n_paths; i++) {
		const struct lf_node *n = in->node[i];

		if (in->path[i].type == '0' && !in->path[i].dropped)
			in->path[i].dropped = !n || n->gone || n->owner != in->index;
	}
}

/* The packages' records stay where the tree has the database. */
static bool write_database(struct lf_image *img, struct lf_installing *all, struct lf_err *err)
{
	lf_auto_buf text = {0};
	const size_t n = img->solution.n;

	img->record = lf_new_n(&img->arena, struct lf_str, n);
	if (img->base && !lf_base_image_records(img->base, &text, err))
		return false;
	size_t at = text.n;

	for (size_t i = 0; i < n; i++) {
		const size_t from = text.n;

		mark_lost(&all[i]);
		if (!lf_installed_print(&text, &img->package[i]->apk.pkg, all[i].path,
					all[i].n_paths, err))
			return false;
		img->record[i].n = text.n - from;
	}
	const struct lf_node *db =
		lf_root_write(img, "usr/lib/apk/db/installed", lf_buf_view(&text), 0644, err);

	for (size_t i = 0; db && i < n; at += img->record[i++].n)
		img->record[i].p = (const char *)db->blob->mem + at;
	return db != NULL;
}

static bool write_scripts(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf scripts = {0}, triggers = {0};

	for (size_t i = 0; i < img->solution.n; i++) {
		const struct lf_apk *apk = &img->package[i]->apk;

		lf_installed_scripts(&scripts, apk, img->run->build_date.seconds);
		lf_installed_triggers(&triggers, &apk->pkg);
	}
	lf_tar_end(&scripts);
	return lf_root_write(img, "usr/lib/apk/db/scripts.tar", lf_buf_view(&scripts), 0644, err) &&
	       lf_root_write(img, "usr/lib/apk/db/triggers", lf_buf_view(&triggers), 0644, err);
}

static bool install_all(struct lf_image *img, struct lf_installing *all, struct lf_err *err)
{
	for (size_t i = 0; i < img->solution.n; i++) {
		all[i] = (struct lf_installing){
			.img = img, .package = img->package[i], .index = (uint32_t)i};
		if (!lf_check_cancel(&img->ctx, err) || !install_one(&all[i], err))
			return false;
	}
	return write_database(img, all, err) && write_scripts(img, err);
}

bool lf_image_install(struct lf_image *img, struct lf_err *err)
{
	size_t n = img->solution.n;

	img->package = lf_new_n(&img->arena, struct lf_package *, n + 1);
	if (!lf_fetch_packages(img->run->fetcher, img->solution.install, n, &img->keyring,
			       &img->arena, img->package, err))
		return lf_fail(err, "installing packages");
	struct lf_installing *all = lf_calloc(n, sizeof(*all));
	bool ok = install_all(img, all, err);

	for (size_t i = 0; i < n; i++)
		lf_installing_fini(&all[i]);
	lf_free(all);
	return ok || lf_fail(err, "installing packages");
}

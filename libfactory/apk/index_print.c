/*
 * Package records to APKINDEX text and archive, as melange writes them, and the index as a value
 * that is merged into. Out: the same bytes for the same records. docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/package.h"
#include "codec/gzip.h"
#include "codec/tar.h"

#include "base/banned.h"

#define LEVEL 6

void lf_index_print_value(struct lf_buf *out, const char *value)
{
	size_t n;

	while (value[n = strcspn(value, "\r\n")]) {
		lf_buf_add(out, value, n);
		lf_buf_putc(out, ' ');
		value += n + 1;
	}
	lf_buf_add(out, value, n);
}

static void print_text(struct lf_buf *out, char letter, const char *value)
{
	lf_buf_putc(out, letter);
	lf_buf_putc(out, ':');
	lf_index_print_value(out, value);
	lf_buf_putc(out, '\n');
}

static void print_set(struct lf_buf *out, char letter, const char *value)
{
	if (*value)
		print_text(out, letter, value);
}

static void print_number(struct lf_buf *out, char letter, uint64_t value)
{
	if (value)
		lf_buf_printf(out, "%c:%llu\n", letter, (unsigned long long)value);
}

static void print_list(struct lf_buf *out, char letter, const struct lf_strv *list)
{
	if (!list->n)
		return;
	lf_buf_putc(out, letter);
	for (size_t i = 0; i < list->n; i++) {
		lf_buf_putc(out, i ? ' ' : ':');
		lf_index_print_value(out, list->v[i]);
	}
	lf_buf_putc(out, '\n');
}

void lf_index_print_pkg(struct lf_buf *out, const struct lf_pkg *p)
{
	lf_buf_puts(out, "C:Q1");
	lf_base64(out, p->checksum, sizeof(p->checksum));
	lf_buf_putc(out, '\n');
	print_text(out, 'P', p->name);
	print_text(out, 'V', p->version);
	print_set(out, 'A', p->arch);
	print_number(out, 'S', p->size);
	print_number(out, 'I', p->installed_size);
	print_text(out, 'T', p->description);
	print_set(out, 'U', p->url);
	print_set(out, 'L', p->license);
	print_set(out, 'o', p->origin);
	print_set(out, 'm', p->maintainer);
	lf_buf_printf(out, "t:%lld\n", (long long)p->build_time);
	print_set(out, 'c', p->commit);
	print_list(out, 'D', &p->depends);
	/* compat: upstream prints this list in brackets, which no reader understands */
	print_list(out, 'i', &p->install_if);
	print_list(out, 'p', &p->provides);
	print_number(out, 'k', p->provider_priority);
	lf_buf_putc(out, '\n');
}

static void add_file(struct lf_buf *tar, const char *name, const char *p, size_t n)
{
	const struct lf_tar_entry e = {
		.name = name,
		.linkname = "",
		.uname = "",
		.gname = "",
		.type = '0',
		.mode = 0644,
		.size = n,
	};

	lf_tar_file(tar, &e, p);
}

void lf_index_write(struct lf_buf *out, const struct lf_index *index)
{
	lf_auto_buf text = {0};
	lf_auto_buf tar = {0};
	const char *description = index->description ? index->description : "";

	for (size_t i = 0; i < index->n; i++)
		lf_index_print_pkg(&text, &index->pkg[i]);
	add_file(&tar, "APKINDEX", lf_buf_c(&text), text.n);
	add_file(&tar, "DESCRIPTION", description, strlen(description));
	lf_tar_end(&tar);
	lf_gzip_member(tar.p, tar.n, LEVEL, 0, out);
}

void lf_index_add(struct lf_index *index, const struct lf_pkg *p)
{
	if (index->n == index->cap) {
		index->cap = index->cap ? 2 * index->cap : 64;
		index->pkg = lf_realloc(index->pkg, index->cap, sizeof(*index->pkg));
	}
	index->pkg[index->n++] = *p;
}

void lf_index_put(struct lf_index *index, const struct lf_pkg *p)
{
	for (size_t i = 0; i < index->n; i++) {
		if (!strcmp(index->pkg[i].name, p->name) &&
		    !strcmp(index->pkg[i].version, p->version)) {
			index->pkg[i] = *p;
			return;
		}
	}
	lf_index_add(index, p);
}

void lf_index_fini(struct lf_index *index)
{
	lf_free(index->pkg);
	*index = (struct lf_index){0};
}

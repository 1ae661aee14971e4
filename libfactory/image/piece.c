/*
 * The names of a layer's pieces: a walk over its tree that hashes headers, and of content only
 * where it lies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/piece.h"

#include "codec/gzip.h"
#include "codec/tar_list.h"
#include "trust/digest.h"
#include "base/banned.h"

struct naming {
	struct lf_cut cut;
	struct lf_digest *digest;
	struct lf_str compressor; /* who deflates, and how: part of every name */
	struct lf_buf text;       /* of the piece so far; digested as a whole */
	struct lf_piece_list *list;
	bool known;
};

static void print_number(char le[8], uint64_t n)
{
	for (unsigned i = 0; i < 8; i++)
		le[i] = (char)(n >> 8 * i & 0xff);
}

static void add_number(struct naming *n, uint64_t number)
{
	char le[8];

	print_number(le, number);
	lf_buf_add(&n->text, le, sizeof(le));
}

/* What follows is of that kind, and so long. */
static void begin_part(struct naming *n, char kind, uint64_t size)
{
	if (!n->text.n)
		lf_buf_str(&n->text, n->compressor);
	lf_buf_putc(&n->text, kind);
	add_number(n, size);
}

static bool name_entry(struct lf_cut *c, const struct lf_tar_entry *e, struct lf_err *err)
{
	struct naming *n = (struct naming *)c;

	(void)err;
	begin_part(n, 'e', 0);
	const size_t from = n->text.n;

	lf_tar_list_add(&n->text, e);
	print_number(n->text.p + from - 8, n->text.n - from);
	n->list->size += LF_TAR_BLOCK;
	return true;
}

/* Bytes in memory are their own name. */
static bool name_content(struct lf_cut *c, const struct lf_blob *b, uint64_t offset, uint64_t size,
			 size_t pad, struct lf_err *err)
{
	struct naming *n = (struct naming *)c;

	if (offset > b->size || size > b->size - offset)
		return lf_fail_new(err, LF_E_FORMAT, "%s: unexpected end of file", b->path);
	begin_part(n, b->mem ? 'm' : 'c', size);
	add_number(n, pad);
	if (b->mem) {
		lf_buf_add(&n->text, b->mem + offset, size);
	} else {
		add_number(n, offset);
		lf_buf_add(&n->text, b->digest, sizeof(b->digest));
		n->known &= b->has_digest;
	}
	n->list->size += size + pad;
	return true;
}

static bool name_trailer(struct lf_cut *c, struct lf_err *err)
{
	struct naming *n = (struct naming *)c;

	(void)err;
	begin_part(n, 't', 2 * LF_TAR_BLOCK);
	n->list->size += 2 * LF_TAR_BLOCK;
	return true;
}

static bool name_end(struct lf_cut *c, struct lf_err *err)
{
	struct naming *n = (struct naming *)c;
	struct lf_piece piece = {.known = n->known};

	(void)err;
	lf_digest_add(n->digest, n->text.p, n->text.n);
	lf_digest_final(n->digest, piece.key);
	lf_buf_clear(&n->text);
	lf_vec_push(&n->list->piece, piece);
	n->list->known &= n->known;
	n->known = true;
	return true;
}

static void name_layer(struct naming *n)
{
	struct lf_piece_list *list = n->list;

	begin_part(n, 'l', list->piece.n);
	lf_digest_add(n->digest, n->text.p, n->text.n);
	for (size_t i = 0; i < list->piece.n; i++)
		lf_digest_add(n->digest, list->piece.v[i].key, LF_SHA256_LEN);
	lf_digest_final(n->digest, list->key);
}

bool lf_piece_list_make(struct lf_image *img, const struct lf_layering *l, size_t i,
			struct lf_piece_list *ret, struct lf_err *err)
{
	static const struct lf_cut_ops ops = {name_entry, name_content, name_trailer, name_end};
	lf_auto_digest *digest = lf_digest_new(LF_SHA256);
	lf_auto_buf compressor = {0};
	struct naming n = {.digest = digest, .list = ret, .known = true};

	*ret = (struct lf_piece_list){.known = true};
	lf_gzip_print_compressor(LF_LAYER_LEVEL, &compressor);
	n.compressor = lf_buf_view(&compressor);
	lf_cut_init(&n.cut, &ops);
	bool ok = lf_layering_tar(img, l, i, &n.cut.sink, err);

	if (ok)
		name_layer(&n);
	lf_buf_fini(&n.text);
	return ok;
}

void lf_piece_list_fini(struct lf_piece_list *l)
{
	lf_vec_fini(&l->piece);
}

/*
 * The pieces of a layer: what names them, and where they are kept deflated. The name of a piece is
 * a digest of what it consists of (bytes of the tar, and content by the digest of the package that
 * it lies in), so that a piece is known without reading it. The pieces of a layer together name the
 * layer: what a former build found out about the same list is in its record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/vec.h"
#include "image/cut.h"
#include "image/layer.h"
#include "net/cache.h"

/* libdeflate's: a bit larger than upstream's layers, in half the time. */
#define LF_LAYER_LEVEL 1

struct lf_piece {
	uint8_t key[LF_SHA256_LEN];
	bool known; /* false: something in it has no digest, so there is no key */
};

struct lf_piece_list {
	LF_VEC(struct lf_piece) piece;
	uint64_t size;              /* of the plain tar */
	bool known;                 /* all of them are */
	uint8_t key[LF_SHA256_LEN]; /* of the whole layer if so */
};

/* Layer number i; no content is read. */
bool lf_piece_list_make(struct lf_image *img, const struct lf_layering *l, size_t i,
			struct lf_piece_list *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_piece_list_fini(struct lf_piece_list *l);

/* ---- deflated pieces on disk: piece_cache.c ---- */

/* A member with room before it for what only the cache needs. */
#define LF_PIECE_HEAD 16
struct lf_packed {
	struct lf_buf file; /* head and member */
	uint32_t crc;       /* of the member's bytes */
};

/* Begins a member: a head that is filled in later. */
void lf_packed_begin(struct lf_packed *p);
/* Counts and sums what was added to p->file. */
void lf_packed_end(struct lf_packed *p);
struct lf_str lf_packed_member(const struct lf_packed *p);

/* False: it is not there, or was damaged and is no longer there. */
bool lf_piece_read(const struct lf_cache *c, const struct lf_piece *piece, struct lf_packed *ret);
/* Appends the member to out, likewise. */
bool lf_piece_add(const struct lf_cache *c, const struct lf_piece *piece, struct lf_buf *out,
		  uint32_t *ret_crc);
/* Keeps it for the next build; a failure only means that it will be made again. */
void lf_piece_keep(struct lf_cache *c, const struct lf_piece *piece, const struct lf_packed *p);

/* ---- what is known of a whole layer: layer_record.c ---- */

struct lf_layer_record {
	struct lf_layer layer;
	LF_VEC(uint32_t) crc; /* of each piece's member, in order */
};

/* False: there is none, or it is damaged. */
bool lf_layer_record_read(const struct lf_cache *c, const struct lf_piece_list *list,
			  struct lf_layer_record *ret);
void lf_layer_record_keep(struct lf_cache *c, const struct lf_piece_list *list,
			  const struct lf_layer_record *r);
void lf_layer_record_fini(struct lf_layer_record *r);

/* ---- pieces to a blob ---- */

struct lf_layer_job {
	struct lf_image *img;
	const struct lf_layering *layering;
	size_t number;
	const struct lf_piece_list *list;
	struct lf_cache *cache; /* NULL: none */
};

/* Writes the layer's blob to dst, and finds out what there is to know of it. layer_pack.c */
bool lf_layer_pack(const struct lf_layer_job *job, struct lf_writer *dst,
		   struct lf_layer_record *ret, struct lf_err *err) LF_MUST_CHECK;

/* The same from a record and pieces in the cache alone: no content is read. *ret_done false when
 * they do not suffice; then the blob has to be written from its beginning again. layer_copy.c */
bool lf_layer_copy(const struct lf_layer_job *job, const struct lf_layer_record *r,
		   struct lf_writer *dst, bool *ret_done, struct lf_err *err) LF_MUST_CHECK;

/*
 * Licence texts as words: what two copies of a licence have in common whatever their line breaks,
 * punctuation, numbering, comment signs and copyright notices. Private to this room, and to the
 * tool that makes license_prints.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

/* Words in a row that count as one piece. */
#define LF_LICENSE_RUN 3
/* Pieces are known by so many bits. */
#define LF_LICENSE_BITS 24

/* The pieces of a text, in order: piece i is a hash of words i, i+1, i+2. */
struct lf_license_pieces {
	uint32_t *v;
	size_t n, cap;
	size_t n_words;
};

void lf_license_pieces(struct lf_license_pieces *ret, struct lf_str text);
void lf_license_pieces_fini(struct lf_license_pieces *p);
#define lf_auto_license_pieces \
	__attribute__((cleanup(lf_license_pieces_fini))) struct lf_license_pieces

/*
 * The entries of a tar as a compact list: what a walk over its headers finds, kept so that nobody
 * has to walk again. A few bytes more than the names; contents stay in the tar, at entry.offset.
 * docs/formats/cache.md has the fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "codec/tar.h"

/* Appends one entry. */
void lf_tar_list_add(struct lf_buf *out, const struct lf_tar_entry *e);

/* A zeroed struct with `rest` set reads a list; text stays in its bytes. */
struct lf_tar_list {
	struct lf_str rest;
	struct lf_tar_pax *pax; /* of the current entry */
	size_t cap;
};
/* The next entry, valid until the one after it. *ret_more false at the end. A list that is none is
 * LF_E_FORMAT. */
bool lf_tar_list_next(struct lf_tar_list *l, struct lf_tar_entry *ret, bool *ret_more,
		      struct lf_err *err) LF_MUST_CHECK;
void lf_tar_list_fini(struct lf_tar_list *l);

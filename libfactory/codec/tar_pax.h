/*
 * The records of a pax header, read: those that replace header fields apart from the rest.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "codec/tar.h"

#define LF_TAR_MAX_PAX 1024 /* other records of one entry */

/* What pax headers and GNU long names say of the next entry. A zeroed struct says nothing. Text is
 * the arena's. */
struct lf_tar_say {
	const char *name, *linkname, *uname, *gname; /* NULL: the header field counts */
	bool has_uid, has_gid, has_size, has_mtime;
	uint32_t uid, gid;
	uint64_t size;
	int64_t mtime;
	struct lf_tar_pax *pax; /* the other records, one a key */
	size_t n_pax;
};

/* Adds the records of one pax header (text) to say; a later record of a key replaces the earlier
 * one. Views point into text, which must live as long as the arena. */
bool lf_tar_pax_parse(struct lf_str text, struct lf_arena *arena, struct lf_tar_say *say,
		      struct lf_err *err) LF_MUST_CHECK;

/* LF_E_FORMAT with Go's words, "archive/tar: invalid tar header". */
bool lf_tar_bad_header(struct lf_err *err);

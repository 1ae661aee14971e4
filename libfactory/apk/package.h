/*
 * The package record: what .PKGINFO and an index say of a package. Text lives in the arena of
 * whoever made the record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "trust/digest.h"

/* The lists of a record lie in the arena too: they are read, never added to. */
struct lf_pkg {
	const char *name, *version, *arch; /* never NULL; "" when absent, as all texts here */
	const char *description, *url, *license, *origin, *maintainer, *commit;
	const char *datahash; /* hex, from .PKGINFO only */
	struct lf_strv depends, provides, replaces, install_if, triggers;
	uint64_t size; /* of the .apk file */
	uint64_t installed_size;
	int64_t build_time;
	uint64_t provider_priority;
	uint8_t checksum[LF_SHA1_LEN]; /* of the compressed control member */
	bool has_checksum;
};

/* With all its texts, into another arena. */
void lf_pkg_copy(struct lf_arena *arena, const struct lf_pkg *from, struct lf_pkg *ret);

/* .PKGINFO as apko and melange read it: an INI file with all its oddities
 * (docs/formats/pkginfo.md). */
bool lf_pkginfo_parse(struct lf_str text, struct lf_arena *arena, struct lf_pkg *ret,
		      struct lf_err *err) LF_MUST_CHECK;

/* What .PKGINFO is printed from; lists in printing order already. */
struct lf_pkginfo {
	const char *name, *version /* full, with -rN */, *arch,
		*origin /* "" omits the line? no: always printed */;
	const char *description, *url, *commit, *maintainer, *datahash;
	uint64_t size;
	int64_t build_date; /* 0: line left out */
	struct lf_strv licenses, depends, provides, replaces, vendored, triggers;
	const char *provider_priority, *replaces_priority; /* "" or NULL: left out */
};
void lf_pkginfo_print(struct lf_buf *out, const struct lf_pkginfo *p);

/* ---- APKINDEX ---- */

struct lf_index {
	struct lf_pkg *pkg; /* in file order */
	size_t n, cap;
	const char *description;
};

/* The text of an APKINDEX file. Errors name the line. */
bool lf_index_parse(struct lf_str text, struct lf_arena *arena, struct lf_index *ret,
		    struct lf_err *err) LF_MUST_CHECK;
/* A value on one line of an index or database: line ends in it become blanks, so that no text can
 * start a field. */
void lf_index_print_value(struct lf_buf *out, const char *value);
/* One record with its final blank line, as melange writes it. */
void lf_index_print_pkg(struct lf_buf *out, const struct lf_pkg *p);
/* Decompresses an index archive (signature members are skipped, not checked), at most max bytes (0:
 * 300 MiB), and parses it. name, unless NULL, is put in front of an error. */
bool lf_index_read(const void *p, size_t n, size_t max, const char *name, struct lf_arena *arena,
		   struct lf_index *ret, struct lf_err *err) LF_MUST_CHECK;
/* The unsigned archive: one gzip member, APKINDEX then DESCRIPTION. */
void lf_index_write(struct lf_buf *out, const struct lf_index *index);
void lf_index_add(struct lf_index *index, const struct lf_pkg *p);
/* Replaces the entry of the same name and version in place, or appends. The record is copied, not
 * its texts. */
void lf_index_put(struct lf_index *index, const struct lf_pkg *p);
void lf_index_fini(struct lf_index *index); /* the array; texts are the arena's */

struct lf_keyring;
struct lf_ctx;
/* Verifies an index archive against a keyring by upstream's rules (docs/formats/index.md); warns
 * about skipped signatures. */
bool lf_index_verify(const struct lf_ctx *ctx, const void *p, size_t n,
		     const struct lf_keyring *keys, struct lf_err *err) LF_MUST_CHECK;

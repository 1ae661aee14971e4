/*
 * The .apk file: [signature] control data, gzip members one after another (docs/formats/apk.md).
 *
 * Reading verifies before anything is used: control against the expected checksum, data against the
 * datahash in the control section, each within the limits. Writing is a function of its inputs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apk/package.h"
#include "base/arena.h"
#include "base/stream.h"
#include "codec/tar.h"

struct lf_keyring;

struct lf_apk_member {
	uint64_t offset, size; /* compressed bytes in the file */
};

/* A file of the control section other than .PKGINFO. */
struct lf_apk_control_file {
	const char *name;
	uint32_t mode, uid, gid;
	const char *uname, *gname;
	int64_t mtime;
	struct lf_str content;
};

struct lf_apk {
	struct lf_pkg pkg;     /* from .PKGINFO; checksum and size filled in */
	struct lf_str pkginfo; /* its text */
	struct lf_apk_member signature, control, data; /* signature.size 0: unsigned */
	const char *signature_name;                    /* ".SIGN.RSA256.x.rsa.pub" or NULL */
	struct lf_str signature_bytes;
	uint8_t signature_sha1[LF_SHA1_LEN]; /* of the compressed signature member */
	const char *first_name;              /* of the first control entry */
	int64_t first_mtime;                 /* of the first control entry */
	struct lf_apk_control_file *file;
	size_t n_files;
	uint8_t control_sha256[LF_SHA256_LEN]; /* of the compressed control member: what signatures
						  sign */
};

/* A file of the control section by its name; NULL when there is none. */
const struct lf_apk_control_file *lf_apk_control_file(const struct lf_apk *apk, const char *name);

/* Reads signature and control of an .apk open at fd (any offset); the data member's range is what
 * follows. Text in the arena. name, unless NULL, is put in front of an error. max_control 0: 10
 * MiB. */
bool lf_apk_open(int fd, const char *name, uint64_t max_control, struct lf_arena *arena,
		 struct lf_apk *ret, struct lf_err *err) LF_MUST_CHECK;
/* The same for a package of which an index or lock file told the checksum: the control section is
 * compared with it before anything in it is used. LF_E_SIGNATURE: package "a" control hash
 * mismatch: expected HEX, got HEX. */
bool lf_apk_open_expecting(int fd, const struct lf_pkg *expected, uint64_t max_control,
			   struct lf_arena *arena, struct lf_apk *ret,
			   struct lf_err *err) LF_MUST_CHECK;

/* The same for an archive of one section with no data behind it, as provenance is distributed:
 * [signature] section. Files are in ret->file, there is no .PKGINFO. */
bool lf_apk_open_section(int fd, uint64_t max, struct lf_arena *arena, struct lf_apk *ret,
			 struct lf_err *err) LF_MUST_CHECK;

/*
 * Inflates the data member into out_fd (a plain tar) while hashing it: fails unless each file has
 * the checksum of its header, and unless its SHA-256 equals pkg.datahash and it is within max_data
 * (0: 16 GiB). The decompressed size is returned.
 */
bool lf_apk_unpack_data(int fd, const struct lf_apk *apk, uint64_t max_data, int out_fd,
			uint64_t *ret_size, struct lf_err *err) LF_MUST_CHECK;

/* The same, and appends the entries of the tar to list (codec/tar_list.h). */
bool lf_apk_unpack_listed(int fd, const struct lf_apk *apk, uint64_t max_data, int out_fd,
			  struct lf_buf *list, uint64_t *ret_size,
			  struct lf_err *err) LF_MUST_CHECK;

/* The checksum record of an entry, as hex or in the old form Q1 + base64. False when there is none.
 */
bool lf_apk_checksum(const struct lf_tar_entry *e, uint8_t ret[LF_SHA1_LEN]);

/* Is the package's (or the section's) own signature good for one of these keys? */
bool lf_apk_verify(const struct lf_apk *apk, const struct lf_keyring *keys,
		   struct lf_err *err) LF_MUST_CHECK;

/* ---- writing ---- */

/* A section without end blocks, compressed as one member: entries with their content, already in
 * order. */
struct lf_apk_section_file {
	const char *name;
	uint32_t mode;
	struct lf_str content;
};
/* Control (mtime field LF_GZIP_ZERO_TIME) or signature (0) section; owner root, mtime as given. */
void lf_apk_section(struct lf_buf *out, const struct lf_apk_section_file *files, size_t n,
		    int64_t mtime, uint32_t gzip_mtime);

struct lf_key;
/* The signature member over a compressed control section (or a whole index): entry
 * .SIGN.RSA256.<key_name>.pub. */
bool lf_apk_signature(struct lf_buf *out, const struct lf_key *key, const char *key_name,
		      const void *signed_bytes, size_t n, int64_t mtime,
		      struct lf_err *err) LF_MUST_CHECK;

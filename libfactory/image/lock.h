/*
 * Lock files: the packages of an image, exactly, for each architecture, with where to get them and
 * what they hash to. Written by `apko lock`, read by `apko build --lockfile` and by other tools
 * (rules_apko), so keys, their order and the form of every value are upstream's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "apk/arch.h"
#include "base/arena.h"
#include "base/vec.h"
#include "image/image.h"

/* "bytes=0-364" of the package file, and "sha1-" or "sha256-" + base64. Both "" for a signature
 * that is not there. */
struct lf_lock_part {
	const char *range, *checksum;
};

struct lf_lock_package {
	const char *name, *url, *version, *arch;
	struct lf_lock_part signature, control, data;
	const char *checksum; /* "Q1…" of the control section; "" in very old files */
};

struct lf_lock_repository {
	const char *name, *url, *arch;
};

struct lf_lock_key {
	const char *name, *url;
	struct lf_str content;
};

struct lf_lock_repositories {
	struct lf_lock_repository *v;
	size_t n, cap;
};

/* Texts live elsewhere: in an arena. */
struct lf_lock {
	bool has_config;
	const char *config_name, *config_checksum; /* "sha256-" + base64 of all its files */
	LF_VEC(struct lf_lock_key) keys;
	struct lf_lock_repositories build_repositories, runtime_repositories, repositories;
	LF_VEC(struct lf_lock_package) packages; /* of each architecture in install order */
};

void lf_lock_fini(struct lf_lock *lock);

/* JSON with a final newline. */
void lf_lock_print(struct lf_buf *out, const struct lf_lock *lock);
/* What installing needs: config and packages. Unknown keys are passed over. */
bool lf_lock_parse(struct lf_str text, const char *source, struct lf_arena *arena,
		   struct lf_lock *ret, struct lf_err *err) LF_MUST_CHECK;

/* The checksum of a configuration from the bytes of all its files. */
const char *lf_lock_config_checksum(struct lf_str bytes, struct lf_arena *arena);

/* ---- locked.c: an image from a lock file ---- */

/* Reads the file and compares it with the configuration. */
bool lf_lock_load(const struct lf_ctx *ctx, const char *path, const char *config_name,
		  struct lf_str config_bytes, struct lf_arena *arena, struct lf_lock *ret,
		  struct lf_err *err) LF_MUST_CHECK;
/* Takes the packages of this architecture as the solution; *ret_any: there were some. */
bool lf_lock_apply(const struct lf_lock *lock, const char *path, struct lf_image *img,
		   struct lf_arena *arena, bool *ret_any, struct lf_err *err) LF_MUST_CHECK;

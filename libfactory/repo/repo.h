/*
 * Repositories: from lines ("/path", "file:///path", "https://host/path", "@tag URL") and keys to
 * verified indexes and verified, opened packages. The chain of trust is: keyring → index signature
 * → control checksum → datahash → data; nothing is used before its link holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "apk/archive.h"
#include "apk/solve.h"
#include "tree/tree.h"
#include "trust/key.h"

struct lf_repo_limits {
	int64_t index, control, data, response; /* bytes; 0: default, -1: none */
};

struct lf_repo_options {
	const char *cache_dir; /* NULL or "": the system default; see lf_cache_default_dir */
	bool offline;
	bool ignore_signatures;
	bool verify_packages; /* each package's own signature, too */
	bool hash_packages;   /* lf_package.sha256 is wanted */
	struct lf_repo_limits limits;
	unsigned pause_ms; /* before a second try of a request; 0: 1000 (tests make it short) */
};

/* Cache and network of a run; thread-safe; shared by all architectures. */
struct lf_fetcher;
struct lf_fetcher *lf_fetcher_new(const struct lf_ctx *ctx, const struct lf_repo_options *o,
				  struct lf_err *err) LF_MUST_CHECK;
void lf_fetcher_free(struct lf_fetcher *f);
/* Its cache, which other rooms keep things in too; NULL: none. */
struct lf_cache *lf_fetcher_cache(const struct lf_fetcher *f);
void lf_fetcher_free_p(struct lf_fetcher **f);
#define lf_auto_fetcher __attribute__((cleanup(lf_fetcher_free_p))) struct lf_fetcher

/* A key file or URL into the ring, under the base name of the string. Error: "failed to fetch apk
 * key from HOST: ...", or of the file alone. */
bool lf_fetch_key(struct lf_fetcher *f, const char *location, struct lf_keyring *ring,
		  struct lf_err *err) LF_MUST_CHECK;
/* Keys that repositories announce themselves: apk-configuration, whose failures are logged at
 * debug, and Alpine's release list, whose failure counts unless offline: "failed to fetch Alpine
 * keys for REPOSITORY: ...". */
bool lf_discover_keys(struct lf_fetcher *f, const char *repository, const char *arch,
		      struct lf_keyring *ring, struct lf_err *err) LF_MUST_CHECK;

/* The indexes of one architecture, in the order of the (sorted, unique) lines. A local index that
 * is missing is a warning, and the repository is left out; so is a remote one that is not in the
 * cache when offline. Each is verified against the ring before it is parsed. Records live as long
 * as the fetcher, the list in the arena; ret has n_lines entries at most. Errors: "reading index
 * LOCATION: ...". */
struct lf_repos {
	struct lf_solve_repo *repo;
	size_t n;
};
bool lf_fetch_indexes(struct lf_fetcher *f, const struct lf_strv *lines, const char *arch,
		      const struct lf_keyring *ring, struct lf_arena *arena, struct lf_repos *ret,
		      struct lf_err *err) LF_MUST_CHECK;

/* A verified package: sections read, data inflated (in the cache or an unnamed temporary file) and
 * ready to be referenced. */
struct lf_package {
	struct lf_apk apk;
	struct lf_blob data; /* the plain data tar; its digest is pkg.datahash, which names the same
				content */
	uint64_t list_size;  /* of the list of its entries; 0: there is none */
	uint8_t sha256[LF_SHA256_LEN]; /* of the .apk file, when it was asked for */
};
/* The entries of its data tar (codec/tar_list.h). */
bool lf_package_list(const struct lf_package *p, struct lf_buf *ret,
		     struct lf_err *err) LF_MUST_CHECK;

/* Fetches, verifies and opens the chosen packages in parallel; ret[i] belongs to choice[i]. Text
 * lives in the arena; descriptors until lf_packages_close. The ring is asked only when packages'
 * own signatures are wanted. Errors begin with "expanding NAME (ver:VERSION arch:ARCH): ". */
bool lf_fetch_packages(struct lf_fetcher *f, const struct lf_solve_choice *choice, size_t n,
		       const struct lf_keyring *ring, struct lf_arena *arena,
		       struct lf_package **ret, struct lf_err *err) LF_MUST_CHECK;
void lf_packages_close(struct lf_package **p, size_t n);

/* "<repo>/<arch>/<name>-<version>.apk", unless the choice tells its own */
const char *lf_package_url(const struct lf_solve_choice *c, struct lf_arena *arena);
/* $XDG_CACHE_HOME or ~/.cache + /dev.chainguard.go-apk; NULL when neither variable is set. Caller
 * frees. */
char *lf_cache_default_dir(void);

/*
 * The image configuration (apko's YAML; also the `environment` of a melange recipe): a value,
 * parsed strictly from YAML nodes, merged, printed as YAML and as JSON. Pure but for the include
 * files that the caller lets it read. Field order is the order of keys in every output.
 *
 * Text lives in the arena that was passed in. "" (never NULL) means absent, as in upstream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "codec/yaml.h"

/* A map from string to string in document order (sorted when printed). */
struct lf_pair {
	const char *key, *value;
};
struct lf_pairs {
	struct lf_pair *v;
	size_t n, cap;
};
const char *lf_pairs_get(const struct lf_pairs *p, const char *key); /* NULL when absent */
void lf_pairs_set(struct lf_pairs *p, struct lf_arena *arena, const char *key,
		  const char *value); /* replaces or adds */
void lf_pairs_sort(struct lf_pairs *p);
/* Those of under that over does not have, then over's; the array is in the arena, not to be freed.
 */
struct lf_pairs lf_pairs_overlay(const struct lf_pairs *under, const struct lf_pairs *over,
				 struct lf_arena *arena);

/* An id that may be absent (Go's pointer to uint32). */
struct lf_id {
	bool set;
	uint32_t v;
};

struct lf_named_text {
	const char *name, *content;
};

struct lf_user {
	const char *username, *shell, *homedir;
	uint32_t uid;
	struct lf_id gid;
};

struct lf_group {
	const char *groupname;
	uint32_t gid;
	struct lf_strv members;
};

struct lf_path_mutation {
	const char *path, *type, *source;
	struct lf_id uid, gid;
	uint32_t permissions;
	bool recursive;
};

struct lf_contents {
	struct lf_strv build_repositories, runtime_repositories, repositories, keyring, packages;
	LF_VEC(struct lf_named_text) runtime_keyring;
	bool has_baseimage;
	const char *base_image, *base_apkindex;
};

struct lf_image_config {
	struct lf_contents contents;
	struct {
		const char *type, *command, *shell_fragment;
		struct lf_pairs services;
	} entrypoint;
	const char *cmd, *stop_signal, *work_dir;
	struct {
		const char *run_as;
		LF_VEC(struct lf_user) users;
		LF_VEC(struct lf_group) groups;
	} accounts;
	struct lf_strv archs; /* OCI names */
	struct lf_pairs environment;
	LF_VEC(struct lf_path_mutation) paths;
	const char *vcs_url;
	struct lf_pairs annotations;
	const char *include;
	struct lf_strv volumes;
	struct {
		bool set;
		const char *strategy;
		int64_t budget;
	} layering;
	const char *format;
	struct {
		bool set;
		LF_VEC(struct lf_named_text) additional;
		struct lf_strv providers;
	} certificates;
};

/* A zeroed struct with every text "" and every list empty. */
void lf_image_config_init(struct lf_image_config *c);
/* Frees the arrays (texts are the arena's). */
void lf_image_config_fini(struct lf_image_config *c);
/* A copy whose arrays are its own (texts shared). */
void lf_image_config_copy(struct lf_image_config *dst, const struct lf_image_config *src);

/* Decodes a mapping node. Unknown keys, wrong types: LF_E_CONFIG with FILE:LINE:COL and a
 * did-you-mean. Several problems are all listed. */
bool lf_image_config_decode(const struct lf_yaml *node, struct lf_arena *arena,
			    struct lf_image_config *ret, struct lf_err *err) LF_MUST_CHECK;

/* Loads a file with its includes merged (each is logged). search: further directories for relative
 * paths. bytes (may be NULL) gets the raw bytes of all files read, in order: their SHA-256 is the
 * checksum in lock files. "failed to load image configuration: file does not exist". */
bool lf_image_config_load(const struct lf_ctx *ctx, const char *path, const struct lf_strv *search,
			  struct lf_arena *arena, struct lf_image_config *ret, struct lf_buf *bytes,
			  struct lf_err *err) LF_MUST_CHECK;
/* Merges `base` (the included file) under c: upstream's rules. */
void lf_image_config_merge(struct lf_image_config *c, const struct lf_image_config *base,
			   struct lf_arena *arena);
/* The rules of a valid image ("configured user … has UID 0"); fills in homedir, service-bundle. */
bool lf_image_config_validate(struct lf_image_config *c, struct lf_arena *arena,
			      struct lf_err *err) LF_MUST_CHECK;

/* For decoding, printing and copying by tables (decode.h, print.h): e.g. as part of a recipe. After
 * lf_decode call lf_image_config_settle. */
struct lf_shape;
extern const struct lf_shape lf_image_config_shape;
/* What follows plain decoding: architectures get their OCI names. */
void lf_image_config_settle(struct lf_image_config *c);
/* The OCI name of an architecture ("amd64" for "x86_64"); unknown ones stay. */
const char *lf_image_arch(const char *name);

/* One line of JSON with upstream's omit rules, no newline (/etc/apko.json). */
void lf_image_config_json(struct lf_buf *out, const struct lf_image_config *c);
/* YAML as `apko show-config` prints it (indent 4), with passwords in URLs masked. */
void lf_image_config_yaml(struct lf_buf *out, const struct lf_image_config *c);
/* The same as one value in a larger document (`environment:` of .melange.yaml). */
void lf_image_config_yaml_node(struct lf_yaml_out *y, const struct lf_image_config *c);
bool lf_image_config_is_empty(const struct lf_image_config *c);

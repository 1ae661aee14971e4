/*
 * melange's configuration: a value. load.c decodes, substitutes and validates it by the tables of
 * its fields (shape_recipe.c and others), cond.c evaluates `if:`, compile.c unfolds `uses:`,
 * print.c prints it as .melange.yaml and as `melange compile` does. Pure; no files but those named.
 *
 * Text and the arrays of structs live in the arena of the recipe; "" (never NULL) means absent.
 * Lists of strings and maps are on the heap, and lf_recipe_fini frees them. Field order is the
 * order of keys in every output.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/builtins.h>
#include <factory/ctx.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "config/config.h"
#include "recipe/update.h"

struct lf_input {
	const char *name, *description, *default_value;
	bool required;
};

struct lf_inputs {
	struct lf_input *v;
	size_t n;
};

struct lf_step {
	const char *if_cond, *name, *uses, *runs, *label, *working_directory;
	struct lf_pairs with;
	struct lf_step *child; /* `pipeline:` */
	size_t n_children;
	struct lf_inputs inputs; /* only in definitions loaded by `uses` */
	struct lf_strv needs;    /* needs.packages */
	int required_steps;      /* assertions; 0: none */
	bool has_assertions;
	struct lf_pairs environment;
	const struct lf_yaml *node; /* where it stands; NULL when unknown */
};

struct lf_steps {
	struct lf_step *v; /* NULL when the key was absent, not when its list was empty */
	size_t n;
};

struct lf_dependencies {
	struct lf_strv runtime, provides, replaces;
	const char *provider_priority, *replaces_priority;
};

struct lf_scriptlets {
	bool set; /* a `scriptlets:` block was there */
	const char *trigger_script;
	struct lf_strv trigger_paths;
	const char *pre_install, *post_install, *pre_deinstall, *post_deinstall, *pre_upgrade,
		*post_upgrade;
};

struct lf_package_options {
	bool set; /* an `options:` block was there */
	bool no_provides, no_depends, no_commands, no_versioned_shlib_deps;
};

struct lf_copyright {
	struct lf_strv paths;
	const char *attestation, *license, *license_path, *detection_override;
};

struct lf_cpe {
	const char *part, *vendor, *product, *edition, *language, *sw_edition, *target_sw,
		*target_hw, *other;
};

struct lf_setcap {
	const char *path, *reason;
	struct lf_pairs add;
};

struct lf_resources {
	const char *cpu, *cpumodel, *memory, *disk;
};

/* `test:` of the package or a subpackage. */
struct lf_recipe_test {
	bool set;
	struct lf_image_config environment;
	struct lf_steps pipeline;
};

/* What package and subpackage have in common is in struct lf_unit: the emitter sees only this. */
struct lf_unit {
	const struct lf_yaml *node; /* where it stands, for messages */
	const char *name, *description, *url, *commit;
	struct lf_pairs annotations;
	struct lf_dependencies dependencies;
	struct lf_package_options options;
	struct lf_scriptlets scriptlets;
	struct lf_strv checks_disabled;
	struct {
		struct lf_setcap *v;
		size_t n;
	} setcap;
};

struct lf_subpackage {
	struct lf_unit unit;
	const char *if_cond, *range;
	struct lf_steps pipeline;
	struct lf_recipe_test test;
};

struct lf_recipe_package {
	struct lf_unit unit;
	const char *version; /* without epoch */
	uint64_t epoch;
	struct lf_strv target_architecture;
	struct {
		struct lf_copyright *v;
		size_t n;
	} copyright;
	struct lf_cpe cpe;
	int64_t timeout_ns;
	struct lf_resources resources, test_resources;
	bool has_test_resources;
};

struct lf_var_transform {
	const char *from, *match, *replace, *to;
	const struct lf_yaml *node; /* where it stands */
};

struct lf_build_option {
	const char *name;
	struct lf_pairs vars;
	struct lf_strv packages_add, packages_remove;
};

/* An entry of `data:`: what a range runs over. */
struct lf_recipe_data {
	const char *name;
	struct lf_pairs items;
};

/* In byte order of the names. */
struct lf_recipe_build_options {
	struct lf_build_option *v;
	size_t n;
};

struct lf_recipe {
	struct lf_arena *arena;
	const char *path; /* as given on the command line */
	struct lf_yaml *root;
	struct lf_recipe_package package;
	struct lf_image_config environment;
	struct lf_strv capabilities_add, capabilities_drop;
	struct lf_steps pipeline;
	struct lf_subpackage *subpackage; /* ranges unfolded */
	size_t n_subpackages;
	struct lf_update update;
	struct lf_pairs vars;
	struct {
		struct lf_var_transform *v;
		size_t n;
	} var_transforms;
	struct lf_recipe_build_options options;
	struct lf_recipe_test test;
	/* `data:`, until the ranges are unfolded. */
	struct lf_recipe_data *data;
	size_t n_data;
};

/* The definitions that `uses` has read, for several compilations with the same pipeline_dirs and
 * built-ins. What is compiled refers to them: their arena outlives it. The map is the caller's to
 * free. */
struct lf_definitions {
	struct lf_arena *arena;
	struct lf_map map; /* name → struct lf_yaml, NULL for an empty file */
};

/* Flags that reach the configuration. */
struct lf_recipe_options {
	const char *arch;      /* apk name; needed to compile, "" to load only */
	const char *commit;    /* --git-commit: default of package.commit */
	const char *vars_file; /* "" none */
	struct lf_strv env_files, build_options, pipeline_dirs;
	const char *libc_flavor;                    /* "gnu" when "" */
	const char *cpu, *cpumodel, *memory, *disk; /* override package.resources when not "" */
	int64_t timeout_ns;                         /* override when > 0 */
	bool tests_only;          /* melange test: what builds need is not added */
	const char *test_package; /* what the main test installs; NULL or "": the package */
	struct lf_definitions *definitions; /* shared ones; NULL: read for this one only */
};

/* Reads, substitutes (stages A and B) and validates. Everything lives in arena. */
bool lf_recipe_load(const struct lf_ctx *ctx, const char *path, const struct lf_recipe_options *o,
		    struct lf_arena *arena, struct lf_recipe *ret,
		    struct lf_err *err) LF_MUST_CHECK;
/* The same from text; path is for messages. */
bool lf_recipe_parse(const struct lf_ctx *ctx, struct lf_str text, const char *path,
		     const struct lf_recipe_options *o, struct lf_arena *arena,
		     struct lf_recipe *ret, struct lf_err *err) LF_MUST_CHECK;
/* Stage C for a build on o->arch: build options applied, `uses` unfolded, everything substituted,
 * needs moved into environment.contents.packages. In place. */
bool lf_recipe_compile(const struct lf_ctx *ctx, struct lf_recipe *r,
		       const struct lf_recipe_options *o, const struct lf_builtins *builtins,
		       struct lf_err *err) LF_MUST_CHECK;
/* Takes the subpackages out that drop[i] names, and frees what they hold. */
void lf_recipe_drop_subpackages(struct lf_recipe *r, const bool *drop);
void lf_recipe_fini(struct lf_recipe *r);
/* Is it to be built for this apk architecture? Compared literally, as upstream does: "amd64" is not
 * x86_64. */
bool lf_recipe_has_arch(const struct lf_recipe *r, const char *arch);

/* `if:` of a compiled step or subpackage: "" is true. */
bool lf_cond_eval(const char *expr, bool *ret, struct lf_err *err) LF_MUST_CHECK;

/* "1.2.3-r4", in the arena. */
const char *lf_recipe_full_version(const struct lf_recipe *r);
/* The text of .melange.yaml. */
void lf_recipe_yaml(struct lf_buf *out, const struct lf_recipe *r);
/* The line that `melange compile` prints, with its newline. */
void lf_recipe_json(struct lf_buf *out, const struct lf_recipe *r);

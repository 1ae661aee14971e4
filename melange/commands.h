/*
 * The commands of melange, one line each: extern const struct lf_cmd melange_cmd_<name>, defined in
 * cmd_<name>.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/builtins.h>

#include "cli/cli.h"

/* The pipeline definitions below pipelines/. */
extern const struct lf_builtins melange_builtins;

extern const struct lf_cmd melange_cmd_build;
extern const struct lf_cmd melange_cmd_compile;
extern const struct lf_cmd melange_cmd_index;
extern const struct lf_cmd melange_cmd_keygen;
extern const struct lf_cmd melange_cmd_package_version;
extern const struct lf_cmd melange_cmd_sign;
extern const struct lf_cmd melange_cmd_sign_index;

/*
 * The commands of melange, one line each: extern const struct lf_cmd melange_cmd_<name>, defined in
 * cmd_<name>.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

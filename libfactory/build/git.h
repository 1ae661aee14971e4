/* The commit of the repository around a file. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>

/* The commit id of HEAD of the git repository that holds dir (or a folder above it), without
 * running git. The caller frees; NULL on failure. */
char *lf_git_head(const char *dir, struct lf_err *err) LF_MUST_CHECK;

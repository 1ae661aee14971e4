/* A shell in the guest after a failed step. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include "build/steps.h"

/* Opens a shell where the step failed, with the step in its history; err holds the step's error.
 * True when the user left with 0: go on. */
bool lf_debug_shell(const struct lf_steps_run *r, const struct lf_sandbox_run *failed,
		    const char *directory, const char *runs, struct lf_err *err) LF_MUST_CHECK;

/*
 * Which runner carries out the steps: from the name on the command line to the functions of one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/str.h"
#include "build/sandbox.h"

#include "base/banned.h"

const struct lf_runner *lf_runner_find(const char *name, struct lf_err *err)
{
	if (!name || !*name || !strcmp(name, lf_bubblewrap.name))
		return &lf_bubblewrap;
	if (!strcmp(name, "docker") || !strcmp(name, "qemu"))
		lf_fail_new(err, LF_E_USAGE,
			    "runner %s is not supported by this build of melange: leave --runner "
			    "out to use bubblewrap, which needs neither %s nor root",
			    name, *name == 'd' ? "a daemon" : "a virtual machine");
	else
		lf_fail_new(err, LF_E_USAGE, "unknown runner: %s", name);
	return NULL;
}
